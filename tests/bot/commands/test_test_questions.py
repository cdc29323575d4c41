"""`motcua test-questions`: the office's test questions asked of what is published."""

import asyncio
import shutil
from pathlib import Path

from bot.storage.engine import make_engine
from bot.storage.test_questions import Expect, Origin, TestQuestion, add
from tests.bot.commands.conftest import program
from tests.fakes import NOON

QUESTIONS = (
    TestQuestion(text="đăng ký tạm trú hết bao nhiêu tiền", expect=Expect.ANSWER, refs=("1.004194",)),
    TestQuestion(text="đăng ký tạm trú ở đâu", expect=Expect.REFUSE),
)


def test_what_is_wrong_is_told(desk_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    shutil.copytree(desk_folder, folder)
    asyncio.run(_ask(f"sqlite+aiosqlite:///{folder / 'var' / 'motcua.db'}"))
    motcua = program(folder)

    told = motcua("test-questions")

    assert told.returncode == 1, told.stderr
    assert QUESTIONS[1].text in told.stdout
    assert QUESTIONS[0].text not in told.stdout
    assert "đúng: 1; có gợi ý đúng: 0; chưa đúng: 1" in told.stdout


async def _ask(url: str) -> None:
    engine = make_engine(url)
    async with engine.begin() as connection:
        await add(connection, QUESTIONS, origin=Origin.HAND, by="an", now=NOON)
    await engine.dispose()
