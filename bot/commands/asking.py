"""`motcua ask`, `chat` and `evaluate`: questions from the terminal and from files."""

import json
import sys
import time
import uuid
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot import batch, config
from bot.app import App
from bot.batch import BatchProblem
from bot.channels import at_once
from bot.channels.console import ConsoleChannel
from bot.commands import command, say
from bot.commands.explaining import as_values, explained, render
from bot.commands.opening import opened
from bot.moment import utc_now
from bot.storage.memory import MemoryConversations
from handlers.messages import Citizen, IncomingMessage


@command
async def ask(
    question: Annotated[
        str | None, typer.Argument(metavar="CÂU_HỎI", help="Câu hỏi, viết như nói thường ngày.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="In một dòng JSON.")] = False,
    batch_file: Annotated[Path | None, typer.Option("--batch", help="Tệp JSONL các câu hỏi.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Tệp JSONL để ghi câu trả lời.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Cho biết vì sao trả lời như thế.")] = False,
    after: Annotated[
        list[str] | None, typer.Option("--after", help="Câu đã hỏi ngay trước đó; dùng được nhiều lần.")
    ] = None,
) -> None:
    """Hỏi một câu, hoặc cả một tệp câu hỏi (--batch IN.jsonl --out OUT.jsonl)."""
    if batch_file and (explain or after):
        raise BatchProblem("--explain và --after chỉ dùng với một câu hỏi, không dùng cùng --batch.")
    if (question is None) == (batch_file is None) or (batch_file is None) != (out is None):
        raise BatchProblem("Cần đúng một trong hai: một câu hỏi, hoặc --batch IN.jsonl cùng với --out OUT.jsonl.")
    if batch_file and out:
        _refuse_target(batch_file, out)
    questions = batch.read_questions(batch_file) if batch_file else []
    async with opened(config.load()) as app:
        if batch_file and out:
            await _ask_batch(app, questions, out)
        else:
            await _ask_once(app, question or "", after or [], as_json=as_json, explain=explain)


def _refuse_target(questions: Path, out: Path) -> None:
    """The answers may replace an older file of answers, but neither the questions nor anything that is no file."""
    if out.exists() and not out.is_file():
        raise BatchProblem(f"{out} không phải tệp thường; hãy ghi ra một tệp.")
    if out.exists() and out.samefile(questions):
        raise BatchProblem("Tệp trả lời (--out) trùng với tệp câu hỏi (--batch); hãy ghi ra tệp khác.")


async def _ask_once(app: App, question: str, after: list[str], *, as_json: bool, explain: bool) -> None:
    conversations = MemoryConversations()
    dispatch = app.traceless_dispatch(conversations)
    for earlier in after:
        await dispatch.answer(_typed(earlier))
    message = _typed(question)
    if explain:
        told = await explained(message, app.base, await conversations.load(message.citizen))
        if as_json:
            sys.stdout.write(json.dumps(as_values(told), ensure_ascii=False) + "\n")
        else:
            render(told, Console(highlight=False))
        return
    started = time.perf_counter()
    reply = await dispatch.answer(message)
    spent = (time.perf_counter() - started) * 1000
    if as_json:
        sys.stdout.write(json.dumps(batch.described(reply, spent), ensure_ascii=False) + "\n")
    else:
        say(reply.as_text())


def _typed(text: str) -> IncomingMessage:
    return IncomingMessage(id=uuid.uuid4().hex, citizen=Citizen("console", "ask"), text=text, received_at=utc_now())


async def _ask_batch(app: App, questions: list[batch.Question], out: Path) -> None:
    unfinished = out.with_name(out.name + ".part")
    try:
        with unfinished.open("w", encoding="utf-8", errors="replace") as file:
            async for _, answer in batch.answers(app.traceless_dispatch(), questions, utc_now):
                file.write(json.dumps(answer, ensure_ascii=False) + "\n")
        unfinished.replace(out)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise BatchProblem(f"Không ghi được {out}: {error}") from error
    say(f"Đã trả lời {len(questions)} câu, ghi vào {out}.")


@command
async def chat() -> None:
    """Trò chuyện ngay trong cửa sổ dòng lệnh."""
    async with opened(config.load()) as app:
        console = ConsoleChannel(app.base.profile)
        await console.run(at_once(console.handle, app.traceless_dispatch().answer))
