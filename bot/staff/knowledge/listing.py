"""Every procedure and question: searched by words, filtered, and taken away as a file."""

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from starlette.responses import Response

from bot.staff.knowledge.catalogue import KIND_WORDS, KINDS, LEVEL_NAMES, STATE_NAMES, Catalogue, State, Wanted
from bot.staff.page import ANY_ROLE, HOME, Page, Section
from bot.staff.room import Room
from bot.staff.sheets import XLSX
from bot.staff.visit import Visit
from knowledge.entries import Level
from knowledge.exporting import ExportProblem, export_file
from knowledge.importing.sheets.columns import TITLES
from knowledge.store import VIETNAM, calendar_day

ADDRESS = f"{HOME}/kien-thuc"
PAGE = 30
ASKED = ("tim", "loai", "linh_vuc", "cap", "tinh_trang")
CHOSEN_FORMS = {"": "Tất cả", **TITLES}


def section(room: Room) -> Section:
    """The pages."""
    catalogue = Catalogue(room)
    return Section(
        pages=(
            Page(address=ADDRESS, answer=partial(show, room, catalogue), roles=ANY_ROLE, menu="Kiến thức"),
            Page(address=ADDRESS + "/xuat", answer=partial(export, room), roles=ANY_ROLE, method="POST"),
        )
    )


async def show(room: Room, catalogue: Catalogue, visit: Visit) -> Response:
    """The entries that are wanted, page by page."""
    wanted, page = wanted_of(visit.query), max(1, visit.number("trang"))
    async with room.sessions() as session:
        found = await catalogue.rows(session, wanted)
        rows = await catalogue.with_states(session, found[(page - 1) * PAGE : page * PAGE])
        fields = await catalogue.fields(session)
    asked = {name: visit.query(name) for name in ASKED}
    return visit.page(
        "knowledge_list.html",
        rows=rows,
        total=len(found),
        page=page,
        pages=max(1, -(-len(found) // PAGE)),
        asked=asked,
        query=urlencode(asked),
        fields=[("", "Mọi lĩnh vực"), *((name, name) for name in fields)],
        kinds=[("", "Tất cả"), *KIND_WORDS.items()],
        levels=[("", "Mọi cấp"), *((level.value, name) for level, name in LEVEL_NAMES.items())],
        states=[("", "Mọi tình trạng"), *((state.value, name) for state, name in STATE_NAMES.items())],
        state_names=STATE_NAMES,
        forms=list(CHOSEN_FORMS.items()),
        bad=(State.ENDED, State.STALE, State.NO_SOURCE),
    )


async def export(room: Room, visit: Visit) -> Response:
    """What is published, as a file that the import takes in again; that it was taken is recorded."""
    form = visit.form.text("dang")
    forms = frozenset({form}) if form in TITLES else None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kien-thuc.xlsx"
        try:
            count = await export_file(room.sessions, path, forms=forms, on=calendar_day(visit.now))
        except ExportProblem as problem:
            return visit.page("knowledge_problem.html", status=422, problem=str(problem), back=ADDRESS)
        content = path.read_bytes()
    await room.audit.add(visit.deed("entry.export", "", {"lines": count, "form": form or "*"}), visit.now)
    name = f"kien-thuc-{visit.now.astimezone(VIETNAM):%Y-%m-%d}.xlsx"
    return Response(content, media_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def wanted_of(value: Callable[[str], str]) -> Wanted:
    """The filter that a query or a form asks for."""
    level, state = value("cap"), value("tinh_trang")
    return Wanted(
        words=value("tim"),
        kind=KINDS.get(value("loai")),
        level=level if level in set(Level) else "",
        field=value("linh_vuc"),
        state=State(state) if state in set(State) else None,
    )
