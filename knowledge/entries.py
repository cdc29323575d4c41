"""What the office publishes: procedures, questions, offices and legal documents, as plain values."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Level(StrEnum):
    """Level of government that settles a procedure. There is no district level since 1 July 2025."""

    COMMUNE = "commune"
    PROVINCE = "province"
    MINISTRY = "ministry"
    UNKNOWN = "unknown"


class SubmissionChannel(StrEnum):
    """How a dossier reaches the office."""

    DIRECT = "direct"
    ONLINE = "online"
    POSTAL = "postal"


class TimeUnit(StrEnum):
    """Unit of a time limit. OTHER means that only free text says how long."""

    WORKING_DAY = "working_day"
    DAY = "day"
    HOUR = "hour"
    MONTH = "month"
    YEAR = "year"
    OTHER = "other"


class Audience(StrEnum):
    """For whom an entry is written."""

    CITIZENS = "citizens"
    OFFICIALS = "officials"


class Aspect(StrEnum):
    """Which part of a procedure is asked for; the letters are those of the question files."""

    FEE = "f"
    TIME = "t"
    DOSSIER = "d"
    PLACE = "p"
    STEPS = "s"
    CONDITIONS = "c"
    ONLINE = "o"
    POSTAL = "b"
    LEGAL = "l"
    RESULT = "r"
    FORM = "m"
    PAGE = "u"
    COMPARE = "x"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLimit:
    """How long the office may take. With unit OTHER the number says nothing and is None.

    text: the source's own words where it gives any; never a machine code such as "1 OTHER".
    """

    amount: float | None = None
    unit: TimeUnit = TimeUnit.OTHER
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """One fee line of one channel.

    amount: Vietnamese dong, only where the source's number can be trusted as dong (0 only if the text
    itself says that nothing is charged); otherwise None and `text` is quoted.
    text: the source's own words; may hold time-bound clauses, so show it through `knowledge.clauses`.
    """

    amount: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One way to submit, with its time limit and fees. Empty fees = not recorded (not "free")."""

    channel: SubmissionChannel
    time: TimeLimit | None = None
    fees: tuple[Fee, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFile:
    """A form to fill in, as published."""

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One paper of a dossier. Counts are None where the source gives none."""

    name: str
    originals: int | None = None
    copies: int | None = None
    forms: tuple[FormFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentCase:
    """The papers of one case ("trường hợp"). The title is empty where the source has one case only."""

    title: str = ""
    documents: tuple[Document, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalReference:
    """A legal document named as basis. Either part may be empty, not both."""

    number: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """An administrative procedure with every part of the national base.

    An empty text, tuple or None means "not recorded": the answer says so and names the office to ask.
    province: name of the province whose own procedure this is ("tỉnh Bắc Ninh"), None = national.
    data_date: the day the source's data was current. Dates without a zone are Vietnamese calendar days.
    """

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    field: str = ""
    level: Level = Level.UNKNOWN
    regulation_type: str = ""
    issuing_agency: str = ""
    executing_agency: str = ""
    competent_agency: str = ""
    receiving_address: str = ""
    coordinating_agency: str = ""
    subjects: tuple[str, ...] = ()
    steps: str = ""
    methods: tuple[Method, ...] = ()
    cases: tuple[DocumentCase, ...] = ()
    results: str = ""
    legal_basis: tuple[LegalReference, ...] = ()
    conditions: str = ""
    keywords: str = ""
    decision_number: str = ""
    effective_from: date | None = None
    effective_to: date | None = None
    province: str | None = None
    source_url: str = ""
    data_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a fact comes from: the document or page, its address, the day it was read."""

    title: str
    url: str = ""
    as_of: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Faq:
    """A question that people ask, with the office's own answer.

    id: lower-case letters, digits and hyphens; shown outside as "faq:ID".
    related: procedure codes offered beside the answer; caution: what people should mind, shown behind the answer.
    """

    id: str
    question: str
    answer: str
    topic: str
    variants: tuple[str, ...] = ()
    audience: tuple[Audience, ...] = (Audience.CITIZENS,)
    sources: tuple[Source, ...] = ()
    related: tuple[str, ...] = ()
    effective_from: date | None = None
    effective_to: date | None = None
    caution: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A place that receives dossiers or answers people; every contact may be "not recorded"."""

    id: str
    name: str
    address: str = ""
    hours: str = ""
    phone: str = ""
    hotline: str = ""
    email: str = ""
    receives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalDocument:
    """A legal document known to the office. status: "in_force", "repealed" or "not_yet"."""

    number: str
    title: str
    issuer: str = ""
    issued_on: date | None = None
    status: str = "in_force"
    effective_from: date | None = None
    effective_to: date | None = None
    replaced_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalOverlay:
    """What the office itself adds to a procedure; shown as its own, never touched by an import.

    fee, counter, hours, online_level, postal: ready sentences, empty = the office adds nothing there.
    source: the office's document (for example the resolution of its HĐND), as_of: the day it was entered.
    """

    code: str
    fee: str = ""
    counter: str = ""
    hours: str = ""
    online_level: str = ""
    postal: str = ""
    note: str = ""
    source: str = ""
    as_of: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """Everyday words for an entry. ref: a procedure's code or "faq:ID"."""

    ref: str
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeProfile:
    """Who this desk is: the context that ranking uses. All empty = the whole country counts alike.

    level: level of the office; province: short name ("Sơn La"); agencies and fields: names as in the
    procedures ("Sở Khoa học và Công nghệ", "Tần số vô tuyến điện"). confirm_days: after how many days without
    confirmation an answer carries a caution, 0 = never; it says nothing about who the office is. Nor do days_off,
    working_days and announced_until: the office's corrections of the calendar, as `knowledge.workdays` takes them.
    """

    name: str = ""
    level: Level = Level.UNKNOWN
    province: str = ""
    agencies: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    address: str = ""
    hours: str = ""
    phone: str = ""
    hotline: str = ""
    email: str = ""
    confirm_days: int = 180
    days_off: tuple[date, ...] = ()
    working_days: tuple[date, ...] = ()
    announced_until: int = 0

    @property
    def known(self) -> bool:
        """True when the profile says anything that ranking can use."""
        return bool(self.agencies or self.fields or self.province or self.level is not Level.UNKNOWN)


FAQ_PREFIX = "faq:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One entry found. ref: a procedure's code or "faq:ID"; score: higher is better, comparable within one Found.

    confidence: probability (0..1) that this entry is what was meant.
    """

    ref: str
    title: str
    score: float
    confidence: float
    level: Level = Level.UNKNOWN
    agency: str = ""
    province: str | None = None

    @property
    def is_faq(self) -> bool:
        """True for a question of the FAQ base."""
        return self.ref.startswith(FAQ_PREFIX)


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What the conversation is about, for follow-ups. question: the subject words last used.

    offered: the entries asked back about, while none of them has been chosen; aspects: the parts asked for then;
    also: the other entries that one message asked about beside `ref`.
    """

    ref: str = ""
    question: str = ""
    aspects: tuple[Aspect, ...] = ()
    offered: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What `find` makes of one message.

    hits: best first, at most 10; confidence: that hits[0] is the one meant; in_domain: probability that
    the message asks about any entry at all; aspects: parts asked for, empty = none named;
    carried: the subject came from the conversation, not from this message;
    question: the subject words to remember for the next turn;
    readings: how likely each of `turns.READINGS` is, where something was talked about before.
    """

    hits: tuple[Hit, ...] = ()
    confidence: float = 0.0
    in_domain: float = 0.0
    aspects: tuple[Aspect, ...] = ()
    carried: bool = False
    vague: bool = False
    question: str = ""
    shares: dict[str, float] = field(default_factory=dict)
    readings: dict[str, float] = field(default_factory=dict)
