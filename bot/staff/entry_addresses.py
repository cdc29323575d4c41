"""Where an entry is looked at and mended from other pages."""

from urllib.parse import quote

from knowledge.entries import FAQ_PREFIX


def entry_address(ref: str) -> str:
    """The page of a procedure's code or of "faq:ID"."""
    if ref.startswith(FAQ_PREFIX):
        return f"/hoi-dap/{quote(ref.removeprefix(FAQ_PREFIX), safe='')}"
    return f"/thu-tuc/{quote(ref, safe='')}"
