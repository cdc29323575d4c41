"""The bases that the constants are fitted on: the national snapshot alone, and with the starter knowledge both ways."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from knowledge.base import StoredBody, StoredFaq
from knowledge.entries import Faq, LocalOverlay, Office
from knowledge.importing.reading import Refusal, read_rows
from knowledge.importing.snapshot import procedure_of
from knowledge.serialising import faq_from_json, procedure_from_json, to_json

STARTER = Path(__file__).parent.parent / "starter"


@dataclass(frozen=True, slots=True)
class Body:
    """A procedure as stored."""

    version: int
    body: bytes
    confirmed: date | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the FAQ base as stored."""

    version: int
    faq: Faq


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A publication in memory; `name` is shown in reports."""

    name: str
    procedures: Mapping[str, StoredBody]
    faqs: Mapping[str, StoredFaq] = field(default_factory=dict)
    revision: int = 1
    offices: tuple[Office, ...] = ()
    overlays: Mapping[str, LocalOverlay] = field(default_factory=dict)
    code_aliases: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def bases(snapshot: Path) -> list[Base]:
    """The three bases. Raises OSError where a file is missing, ValueError where one is damaged."""
    rows = (row.content for row in read_rows(snapshot))
    national: dict[str, StoredBody] = {
        procedure.code: Body(1, to_json(procedure))
        for procedure in (procedure_of(row, None) for row in rows if not isinstance(row, Refusal))
    }
    own: dict[str, StoredBody] = {
        procedure.code: Body(1, to_json(procedure)) for procedure in map(procedure_from_json, _lines("procedures"))
    }
    faqs: dict[str, StoredFaq] = {faq.id: Question(1, faq) for faq in questions()}
    return [
        Base(name="snapshot", procedures=national),
        Base(name="starter over snapshot", procedures={**national, **own}, faqs=faqs),
        Base(name="snapshot over starter", procedures={**own, **national}, faqs=faqs),
    ]


def questions() -> list[Faq]:
    """The questions of the starter's FAQ base."""
    return [faq for path in sorted(STARTER.glob("faq-*.jsonl")) for faq in map(faq_from_json, _lines(path.stem))]


def _lines(name: str) -> list[bytes]:
    return [line for line in (STARTER / f"{name}.jsonl").read_bytes().splitlines() if line.strip()]
