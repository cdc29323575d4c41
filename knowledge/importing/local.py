"""What the office itself adds, read from files: overlays, renumbered codes, everyday words."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.additions import add_aliases, save_overlay, set_code_alias
from knowledge.entries import LocalOverlay, Phrases
from knowledge.importing import entries, fields
from knowledge.importing.reading import ImportProblem, Refusal
from knowledge.serialising import overlay_from_json
from knowledge.tables import alias, code_alias, overlay

FORMS = ("overlay", "code-aliases", "phrases")
KEYS = {"procedures": "code", "snapshot": "code", "overlay": "code", "code-aliases": "old_code", "phrases": "ref",
        "legal-documents": "number"}  # fmt: skip
"""The field that names a row, where it is not "id"."""
_LONGEST_PHRASE = 200
_LONGEST_REF = 70


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeAlias:
    """A renumbered procedure."""

    old_code: str
    new_code: str


Addition = LocalOverlay | CodeAlias | Phrases
Additions = Mapping[str, Mapping[str, Addition]]


@dataclass(slots=True)
class AdditionPlan:
    """What writing additions would do. held: what is there now, by form and key."""

    new: list[Addition] = field(default_factory=list)
    changed: list[Addition] = field(default_factory=list)
    unchanged: int = 0
    held: dict[tuple[str, str], Addition] = field(default_factory=dict)


def addition_of(form: str, row: Mapping[str, Any]) -> Addition:
    """The addition that a row tells. Raises Refusal."""
    if form == "overlay":
        return entries.overlay_of(row)
    if form == "code-aliases":
        found = CodeAlias(old_code=fields.code(row, "old_code"), new_code=fields.code(row, "new_code"))
        if found.old_code == found.new_code:
            raise Refusal("new_code", "trùng với mã cũ")
        return found
    ref, said = fields.required(row, "ref"), row.get("phrases")
    if len(ref) > _LONGEST_REF:
        raise Refusal("ref", f"dài nhất {_LONGEST_REF} ký tự")
    if not isinstance(said, list) or not all(isinstance(phrase, str) for phrase in said):
        raise Refusal("phrases", "phải là danh sách")
    phrases = tuple(dict.fromkeys(line for phrase in said if (line := " ".join(fields.block(phrase).split()))))
    if any(len(phrase) > _LONGEST_PHRASE for phrase in phrases):
        raise Refusal("phrases", f"mỗi cách gọi dài nhất {_LONGEST_PHRASE} ký tự")
    if not phrases:
        raise Refusal("phrases", "thiếu hoặc để trống")
    return Phrases(ref=ref, phrases=phrases)


def key_of(addition: Addition) -> str:
    """What names an addition within its form."""
    if isinstance(addition, LocalOverlay):
        return addition.code
    return addition.old_code if isinstance(addition, CodeAlias) else addition.ref


def form_of(addition: Addition) -> str:
    """What the importer calls this kind of addition."""
    if isinstance(addition, LocalOverlay):
        return "overlay"
    return "code-aliases" if isinstance(addition, CodeAlias) else "phrases"


async def plan_additions(session: AsyncSession, additions: Additions, parts: frozenset[str] | None) -> AdditionPlan:
    """Tells what is new or changed; reads only. parts: of an overlay, the others stay as they are; None = all count.

    Words that the desk knows already stay, whether a file names them or not.
    """
    made = AdditionPlan(held=await _held(session) if additions else {})
    for form, found in additions.items():
        for key, addition in found.items():
            now = made.held.get((form, key))
            shall = addition
            if isinstance(addition, LocalOverlay) and isinstance(now, LocalOverlay) and parts is not None:
                shall = replace(now, **{name: getattr(addition, name) for name in parts})
            elif isinstance(addition, Phrases) and isinstance(now, Phrases):
                shall = Phrases(ref=key, phrases=tuple(dict.fromkeys((*now.phrases, *addition.phrases))))
            if now == shall or (now is None and shall == LocalOverlay(code=key)):
                made.unchanged += 1
            else:
                (made.changed if now else made.new).append(shall)
    return made


async def write_additions(session: AsyncSession, made: AdditionPlan, *, source: str, by: str, now: datetime) -> bool:
    """Writes a plan in the caller's transaction; True if it changed anything. Raises ImportProblem."""
    for addition in (*made.new, *made.changed):
        if isinstance(addition, LocalOverlay):
            await save_overlay(session, addition, by=by, now=now)
        elif isinstance(addition, Phrases):
            await add_aliases(session, addition.ref, addition.phrases, origin=source[:100])
        else:
            try:
                await set_code_alias(session, addition.old_code, addition.new_code, by=by, now=now)
            except ValueError:
                raise ImportProblem(
                    f"Mã cũ {addition.old_code} và mã mới {addition.new_code} đi vòng tròn. Chưa ghi gì."
                ) from None
    return bool(made.new or made.changed)


async def _held(session: AsyncSession) -> dict[tuple[str, str], Addition]:
    held: dict[tuple[str, str], Addition] = {}
    for code, body in await session.execute(select(overlay.c.code, overlay.c.body).order_by(overlay.c.number)):
        held["overlay", code] = overlay_from_json(body)
    for old, new in await session.execute(select(code_alias.c.old_code, code_alias.c.new_code)):
        held["code-aliases", old] = CodeAlias(old_code=old, new_code=new)
    for ref, phrase in await session.execute(select(alias.c.ref, alias.c.phrase).order_by(alias.c.id)):
        known = held.get(("phrases", ref))
        said = known.phrases if isinstance(known, Phrases) else ()
        held["phrases", ref] = Phrases(ref=ref, phrases=(*said, phrase))
    return held
