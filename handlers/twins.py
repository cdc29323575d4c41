"""The same procedure at another level or place: which one to answer with, and where the others differ."""

from collections.abc import Sequence
from dataclasses import replace

from handlers import choices
from handlers.describe.wording import shorten
from handlers.messages import Choice, Knowledge
from knowledge.entries import Aspect, Found, Hit, Level, OfficeProfile, Procedure
from knowledge.families import Families
from knowledge.operations import ABROAD, levels, of_agency
from knowledge.text import fold

QUESTION = "Việc này có nhiều nơi giải quyết. Anh/Chị làm ở đâu?"
LEVELS = {Level.COMMUNE: "cấp xã", Level.PROVINCE: "cấp tỉnh", Level.MINISTRY: "trung ương"}
ABROAD_NAME = "cơ quan đại diện Việt Nam ở nước ngoài"
MOST_BUTTONS = 2
"""Buttons to twins under an answer."""
MOST_PROVINCES = 3
"""Provinces named in one line."""


def together(hits: Sequence[Hit], families: Families) -> list[tuple[Hit, ...]]:
    """The hits in sets of twins, best first: sets by their best hit, hits as they came."""
    sets: dict[str, list[Hit]] = {}
    first: dict[str, str] = {}
    for hit in hits:
        key = first.get(hit.ref, hit.ref)
        if key == hit.ref:
            first.update(dict.fromkeys(families.twins(hit.ref), hit.ref))
        sets.setdefault(key, []).append(hit)
    return [tuple(same) for same in sets.values()]


def settled(found: Found, text: str, knowledge: Knowledge) -> Found:
    """The same hits with the twin first that fits the words or the office, and as sure as all its twins together.

    Unchanged where the best hit has no twin among them, or nothing tells which twin is meant.
    """
    if not found.hits or found.hits[0].is_faq:
        return found
    same = together(found.hits, knowledge.families())[0]
    meant = _meant(same, text, knowledge.profile) if len(same) > 1 else None
    if meant is None:
        return found
    rest = tuple(hit for hit in found.hits if hit.ref not in {twin.ref for twin in same})
    others = tuple(hit for hit in same if hit is not meant)
    sure = min(sum(hit.confidence for hit in same), 1.0)
    best = replace(meant, confidence=sure)
    return replace(found, hits=(best, *others, *rest), confidence=max(found.confidence, sure))


def _meant(same: Sequence[Hit], text: str, profile: OfficeProfile) -> Hit | None:
    said, lower = f" {fold(text)} ", text.lower()
    named = [hit for hit in same if hit.province and f" {fold(hit.province)} " in said]
    asked = levels(lower, accents=fold(text) != lower)
    for fitting in (
        named,
        [hit for hit in same if hit.level in asked],
        [hit for hit in same if profile.province and hit.province and fold(hit.province) in fold(profile.province)],
        [hit for hit in same if profile.level is not Level.UNKNOWN and hit.level is profile.level and not hit.province],
    ):
        if fitting:
            return fitting[0]
    return None


def where(hit: Hit) -> str:
    """Where an entry is settled, as short as may be: province, level or agency; "" where nothing is known."""
    return hit.province or _level(hit.level, hit.agency) or shorten(hit.agency, 40)


def _level(level: Level, agency: str) -> str:
    """The level in words; "" where it is not known."""
    return ABROAD_NAME if of_agency(agency) & ABROAD else LEVELS.get(level, "")


def labels(hits: Sequence[Hit]) -> tuple[str, ...]:
    """What the buttons of twins say: their levels or provinces; agency and code only where these are the same."""
    named = [_place(hit, hits) for hit in hits]
    named = [
        f"{name} – {shorten(hit.agency, 48)}" if named.count(name) > 1 and hit.agency else name
        for name, hit in zip(named, hits, strict=True)
    ]
    return tuple(f"{n} ({hit.ref})" if named.count(n) > 1 else n for n, hit in zip(named, hits, strict=True))


def _place(hit: Hit, hits: Sequence[Hit]) -> str:
    level = _level(hit.level, hit.agency)
    if not any(other.province for other in hits):
        return _capital(level or "nơi khác")
    place = _capital(hit.province or "quy định chung cả nước")
    alike = [other for other in hits if other.province == hit.province]
    return f"{place} – {level}" if len({other.level for other in alike}) > 1 and level else place


def line(procedure: Procedure, aspects: Sequence[Aspect], knowledge: Knowledge) -> tuple[str, tuple[Choice, ...]]:
    """One line about the same procedure elsewhere, and buttons to it; "" and none where there is no other."""
    others = _others(procedure, knowledge)
    if not others:
        return "", ()
    near = [other for other in others if other.province == procedure.province]
    general = [other for other in others if not other.province and procedure.province]
    local = [other for other in others if other.province and not procedure.province]
    said = []
    if near:
        places = ", ".join(dict.fromkeys(_described(other, procedure) for other in near))
        said.append(f"Thủ tục này còn được giải quyết ở nơi khác: {places}.")
    if general:
        said.append(f"Đây là bản riêng của {procedure.province}, bên cạnh quy định chung cả nước.")
    if local:
        names = list(dict.fromkeys(other.province or "" for other in local))
        more = f" và {len(names) - MOST_PROVINCES} tỉnh, thành phố khác" if len(names) > MOST_PROVINCES else ""
        said.append(f"Có bản riêng của {', '.join(names[:MOST_PROVINCES])}{more}: Anh/Chị viết thêm tên tỉnh để xem.")
    shown = tuple(a for a in aspects if a is not Aspect.COMPARE)
    hits = [_hit(other) for other in (*near, *general, *local)][:MOST_BUTTONS]
    named = labels([_hit(procedure), *hits])[1:]
    buttons = tuple(Choice(n, choices.for_procedure(hit.ref, shown)) for n, hit in zip(named, hits, strict=True))
    return " ".join(said), buttons


def _others(procedure: Procedure, knowledge: Knowledge) -> list[Procedure]:
    """The twins that may matter here: none of another province where a province is known."""
    own = fold(procedure.province or knowledge.profile.province)
    found = (knowledge.procedure(ref) for ref in knowledge.families().twins(procedure.code))
    return [p for p in found if p and (not p.province or not own or fold(p.province).endswith(own))]


def _described(other: Procedure, procedure: Procedure) -> str:
    """Where a twin is settled and which parts of it differ."""
    place, own = (_level(p.level, p.executing_agency) for p in (other, procedure))
    place = place if place != own else ""
    parts = ("thời hạn", _times), ("lệ phí", _fees), ("giấy tờ", _papers)
    differing = [name for name, part in parts if part(other) and part(procedure) and part(other) != part(procedure)]
    return (place or shorten(other.executing_agency, 60) or other.code) + (
        f" (khác về {', '.join(differing)})" if differing else ""
    )


def _times(procedure: Procedure) -> set[object]:
    return {(method.channel, method.time) for method in procedure.methods if method.time}


def _fees(procedure: Procedure) -> set[object]:
    return {(method.channel, method.fees) for method in procedure.methods if method.fees}


def _papers(procedure: Procedure) -> set[object]:
    return {fold(paper.name) for case in procedure.cases for paper in case.documents}


def _hit(procedure: Procedure) -> Hit:
    return Hit(
        ref=procedure.code,
        title=procedure.name,
        score=0.0,
        confidence=0.0,
        level=procedure.level,
        agency=procedure.executing_agency,
        province=procedure.province,
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
