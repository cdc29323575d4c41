"""“/dangky”, “HỦY” — what somebody wants to be told unasked, chosen by themselves and ended with one word."""

from handlers.messages import Choice, Citizen, Desk, IncomingMessage, Outcome, Reply, Subscription, Subscriptions
from handlers.subscription import values, wording
from handlers.subscription.values import FIELD, Step, packed, step, unpacked
from knowledge.communes import Locality, localities
from knowledge.shelves import Shelf
from knowledge.text import fold

MOST = 5
"""Fields and places offered at once."""
PLACE_ASKED, FIELD_ASKED = Step("p", "-"), Step("f", "a")
"""Carried by a button of each question that may be answered by typing; while it is offered, the question stands."""
_OTHER_FIELD = Choice("Tìm lĩnh vực khác", step("f", "a"))
_NO_PLACE = Choice(wording.FORGET_PLACE, step("p", "-"))

__all__ = ["answer"]


async def answer(message: IncomingMessage, desk: Desk) -> Reply | None:
    """A step of a subscription, or its end; None for anything else."""
    known = desk.subscriptions
    if known is None:
        return None
    if wording.stops(message.text):
        return await _stop(message, known)
    pressed = values.read(message.choice)
    if pressed is None and message.choice is None:
        pressed = _typed(message.text, desk, known)
    if pressed is None:
        return None
    if not known.open_on(message.citizen.channel):
        return _said(wording.NOT_HERE)
    return await _Talk(message, desk, known).after(pressed)


async def _stop(message: IncomingMessage, known: Subscriptions) -> Reply | None:
    following = await known.of(message.citizen)
    pressed = message.choice is not None and values.read(message.choice) is None
    if following is None and (pressed or not known.open_on(message.citizen.channel)):
        return None
    await known.stop(message)
    return _said(wording.STOPPED if following else wording.NOT_SUBSCRIBED)


def _typed(text: str, desk: Desk, known: Subscriptions) -> Step | None:
    """The step that typed words take."""
    if wording.begins(text):
        return Step("m")
    if code := wording.invited(text):
        return Step("u", code)
    if desk.conversation.updated_at is None:
        return None
    offered = [one for choice in desk.conversation.offered if (one := values.read(choice.value))]
    listed = next((one for one in offered if one.kind == "w" and not one.field), None)
    if listed and (numbers := wording.counted(text)):
        topics = list(known.topics)
        picked = {topics[number - 1] for number in numbers if 0 < number <= len(topics)}
        return Step("t", packed([key for key in topics if key in picked | set(unpacked(listed.chosen, topics))]))
    if PLACE_ASKED in offered and (found := localities(text)):
        return Step("p", values.numbered(found[0])) if len(found) == 1 else Step("o", text)
    if FIELD_ASKED in offered and (shelves := _shelves(text, desk)):
        return Step("w", "", shelves[0].id) if len(shelves) == 1 else Step("g", text)
    return None


def _shelves(text: str, desk: Desk) -> list[Shelf]:
    """The fields that a name may mean: the one of just this name, else those that hold it."""
    said = fold(text).strip().lower()
    every = [shelf for sector in desk.knowledge.shelves().sectors for shelf in sector.shelves]
    exact = [shelf for shelf in every if fold(shelf.name).lower() == said]
    return exact or [shelf for shelf in every if len(said) > 2 and said in fold(shelf.name).lower()]


class _Talk:
    def __init__(self, message: IncomingMessage, desk: Desk, known: Subscriptions) -> None:
        self._message = message
        self._citizen: Citizen = message.citizen
        self._desk = desk
        self._known = known

    async def after(self, pressed: Step) -> Reply | None:
        """What is said to a step."""
        now = await self._known.of(self._citizen)
        match pressed.kind:
            case "m" if now:
                return self._state(now)
            case "m" | "t":
                return self._topics(pressed.chosen)
            case "w":
                return self._consent(pressed, now)
            case "y":
                return await self._agreed(pressed, now)
            case "n":
                return _said(wording.DECLINED)
            case "s":
                return await _stop(self._message, self._known)
            case "u" | "v":
                return await self._official(pressed, now)
            case "f" | "g":
                return self._fields(pressed)
            case "p" | "o" | "q" if now:
                return await self._wish(pressed)
            case _:
                return self._topics("")

    def _topics(self, chosen: str) -> Reply:
        topics = self._known.topics
        wanted = unpacked(chosen, list(topics))
        buttons = [
            Choice(
                f"{'☑' if key in wanted else '☐'} {name}",
                step("t", packed([one for one in topics if (one in wanted) != (one == key)])),
            )
            for key, name in topics.items()
        ]
        return _asked(wording.CHOOSE, choices=(*buttons, Choice(wording.DONE, step("w", packed(wanted)))))

    def _wanted(self, pressed: Step, now: Subscription | None) -> tuple[str, ...]:
        """All that is wanted: a field is added to what they have, topics replace topics."""
        had = now.topics if now else ()
        shelf = self._desk.knowledge.shelves().shelf(pressed.field) if pressed.field else None
        if pressed.field:
            new = (FIELD + shelf.name,) if shelf else ()
            return tuple(dict.fromkeys((*had, *new)))
        return (*unpacked(pressed.chosen, list(self._known.topics)), *(key for key in had if key.startswith(FIELD)))

    def _consent(self, pressed: Step, now: Subscription | None) -> Reply:
        wanted = self._wanted(pressed, now)
        if not wanted:
            asked = self._topics("")
            return _asked(wording.NOTHING_CHOSEN, *asked.blocks, choices=asked.choices)
        yes = Choice(wording.YES, step("y", pressed.chosen, pressed.field))
        return _asked(self._known.wording(wanted), choices=(yes, Choice(wording.NO, step("n"))))

    async def _agreed(self, pressed: Step, now: Subscription | None) -> Reply:
        wanted = self._wanted(pressed, now)
        if not wanted:
            return self._topics("")
        await self._known.agree(self._message, wanted, self._known.wording(wanted))
        said = wording.AGREED.format(topics=self._names(wanted))
        return _asked(said, wording.STOP_WORD, choices=self._more(Subscription(topics=wanted)))

    async def _official(self, pressed: Step, now: Subscription | None) -> Reply:
        unit = await self._known.unit(pressed.chosen)
        if not unit:
            return _said(wording.NO_INVITATION)
        words = self._known.wording((), unit)
        if pressed.kind == "u":
            buttons = Choice(wording.YES, step("v", pressed.chosen)), Choice(wording.NO, step("n"))
            return _asked(wording.AGREE_AS_OFFICIAL, words, choices=buttons)
        await self._known.agree(self._message, now.topics if now else (), words, unit)
        return _asked(wording.JOINED.format(unit=unit), wording.STOP_WORD)

    def _fields(self, pressed: Step) -> Reply:
        found = _shelves(pressed.chosen, self._desk)[:MOST] if pressed.kind == "g" else []
        buttons = [Choice(shelf.name, step("w", "", shelf.id)) for shelf in found]
        return _asked(wording.WHICH_FIELD, choices=(*buttons, Choice(wording.SKIP, step("m")), _OTHER_FIELD))

    async def _wish(self, pressed: Step) -> Reply:
        if pressed.kind == "q":
            return await self._hours(pressed.chosen)
        if pressed.kind == "o":
            buttons = [Choice(str(place), step("p", values.numbered(place))) for place in _some(pressed.chosen)]
            return _asked(wording.SEVERAL_PLACES, choices=(*buttons, _NO_PLACE))
        if not pressed.chosen:
            return _asked(wording.WHICH_PLACE, choices=(Choice(wording.SKIP, step("m")), _NO_PLACE))
        place = values.place(pressed.chosen)
        await self._known.settle(self._citizen, place.province if place else "", place.commune if place else "")
        return _said(wording.PLACE_KEPT.format(place=place) if place else wording.PLACE_LEFT)

    async def _hours(self, chosen: str) -> Reply:
        if not chosen:
            buttons = [Choice(label, step("q", value)) for label, value in wording.HOURS]
            return _asked(wording.WHICH_HOURS, choices=(*buttons, Choice(wording.NO_HOURS, step("q", "-"))))
        found = values.hours(chosen)
        await self._known.keep_quiet(self._citizen, found)
        said = wording.HOURS_KEPT.format(since=found[0], until=found[1]) if found else wording.HOURS_LEFT
        return _said(said)

    def _state(self, now: Subscription) -> Reply:
        lines = [wording.RECEIVES.format(topics=self._names(now.topics))] if now.topics else []
        lines += [wording.AS_OFFICIAL.format(unit=now.unit)] if now.unit else []
        lines += [wording.LIVES.format(place=now.place)] if now.place else []
        lines += [wording.QUIET.format(since=now.quiet[0], until=now.quiet[1])] if now.quiet else []
        return _asked("\n".join(lines), wording.STOP_WORD, choices=self._more(now))

    def _more(self, now: Subscription) -> tuple[Choice, ...]:
        return (
            Choice(wording.CHANGE_TOPICS, step("t", packed([key for key in now.topics if key in self._known.topics]))),
            Choice(wording.ADD_FIELD, step("f")),
            Choice(wording.TELL_PLACE, step("p")),
            Choice(wording.TELL_HOURS, step("q")),
            Choice(wording.STOP, step("s")),
        )

    def _names(self, topics: tuple[str, ...]) -> str:
        return ", ".join(self._known.topics.get(topic, topic.removeprefix(FIELD)) for topic in topics)


def _some(text: str) -> list[Locality]:
    return localities(text)[:MOST]


def _said(*blocks: str) -> Reply:
    return Reply(blocks=tuple(filter(None, blocks)), outcome=Outcome.SMALLTALK)


def _asked(*blocks: str, choices: tuple[Choice, ...] = ()) -> Reply:
    return Reply(blocks=tuple(filter(None, blocks)), outcome=Outcome.SMALLTALK, choices=choices)
