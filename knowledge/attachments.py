"""How the national portal addresses the files that belong to its procedures."""

ATTACHMENT = "/submitting/preview-attachment"
"""Under the base address of the calls; the portal hands a file out to POST {fileId} and turns GET away."""


def opens_by_link(url: str) -> bool:
    """False where there is no address, or one that a browser cannot open: the portal gives files to programs only."""
    return bool(url) and ATTACHMENT not in url
