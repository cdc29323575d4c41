"""`motcua test-questions`: asks the office's test questions of what is published now."""

import json
import sys
from collections import Counter
from typing import Annotated

import typer

from bot import config
from bot.commands import command, say
from bot.commands.opening import opened
from bot.moment import utc_now
from bot.staff.trial import Tried, try_out
from bot.storage.test_questions import StoredTestQuestions

NAMES = {2: "đúng", 1: "có gợi ý đúng", 0: "chưa đúng"}


@command
async def ask_all(
    as_json: Annotated[bool, typer.Option("--json", help="In một dòng JSON.")] = False,
) -> None:
    """Hỏi các câu kiểm tra trên bản đang công bố; mã thoát 1 nếu có câu chưa đúng."""
    async with opened(config.load()) as desk:
        questions = await StoredTestQuestions(desk.engine).active()
        report = await try_out(desk.base, desk.base, questions, utc_now())
    counts = Counter(one.before.worth for one in report.tried)
    if as_json:
        figures = {"questions": len(report.tried), "right": counts[2], "helped": counts[1], "wrong": counts[0]}
        sys.stdout.write(json.dumps(figures) + "\n")
    else:
        for one in report.tried:
            if one.before.worth == 0:
                _say_wrong(one)
        say("; ".join(f"{name}: {counts[worth]}" for worth, name in NAMES.items()) + ".")
    if counts[0]:
        raise typer.Exit(1)


def _say_wrong(one: Tried) -> None:
    given = one.before.refs[0] if one.before.refs else one.before.kind
    say(f"Chưa đúng: “{one.question}”: cần {one.expect} {' '.join(one.refs)}, được {given}.")
