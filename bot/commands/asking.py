"""`motcua ask`, `chat` and `evaluate`: questions from the terminal and from files."""

import json
import sys
import time
import uuid
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot import batch, config
from bot.app import App, utc_now
from bot.batch import BatchProblem
from bot.channels.console import ConsoleChannel
from bot.commands import command, say
from bot.commands.opening import opened
from bot.evaluation import Scores
from handlers.messages import Citizen, IncomingMessage


@command
async def ask(
    question: Annotated[
        str | None, typer.Argument(metavar="CÂU_HỎI", help="Câu hỏi, viết như nói thường ngày.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="In một dòng JSON.")] = False,
    batch_file: Annotated[Path | None, typer.Option("--batch", help="Tệp JSONL các câu hỏi.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Tệp JSONL để ghi câu trả lời.")] = None,
) -> None:
    """Hỏi một câu, hoặc cả một tệp câu hỏi (--batch IN.jsonl --out OUT.jsonl)."""
    if (question is None) == (batch_file is None) or (batch_file is None) != (out is None):
        raise BatchProblem("Cần đúng một trong hai: một câu hỏi, hoặc --batch IN.jsonl cùng với --out OUT.jsonl.")
    if batch_file and out:
        _refuse_target(batch_file, out)
    questions = batch.read_questions(batch_file) if batch_file else []
    async with opened(config.load()) as app:
        if batch_file and out:
            await _ask_batch(app, questions, out)
        else:
            await _ask_once(app, question or "", as_json)


def _refuse_target(questions: Path, out: Path) -> None:
    """The answers may replace an older file of answers, but neither the questions nor anything that is no file."""
    if out.exists() and not out.is_file():
        raise BatchProblem(f"{out} không phải tệp thường; hãy ghi ra một tệp.")
    if out.exists() and out.samefile(questions):
        raise BatchProblem("Tệp trả lời (--out) trùng với tệp câu hỏi (--batch); hãy ghi ra tệp khác.")


async def _ask_once(app: App, question: str, as_json: bool) -> None:
    message = IncomingMessage(
        id=uuid.uuid4().hex, citizen=Citizen("console", "ask"), text=question, received_at=utc_now()
    )
    started = time.perf_counter()
    reply = await app.traceless_dispatch().answer(message)
    spent = (time.perf_counter() - started) * 1000
    if as_json:
        sys.stdout.write(json.dumps(batch.described(reply, spent), ensure_ascii=False) + "\n")
    else:
        say(reply.as_text())


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
        await ConsoleChannel(app.base.profile).run(app.traceless_dispatch().answer)


@command
async def evaluate(
    questions_file: Annotated[Path, typer.Argument(metavar="QUESTIONS.jsonl", help="Tệp câu hỏi đã gán nhãn.")],
    errors: Annotated[int, typer.Option("--errors", help="In N câu trả lời sai hoặc thiếu.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="In một dòng JSON.")] = False,
) -> None:
    """Đo chất lượng trả lời trên một tệp câu hỏi đã gán nhãn."""
    questions = batch.read_questions(questions_file)
    for question in questions:
        if "expect" not in question:
            raise BatchProblem(f"{questions_file}: câu {question['id']} chưa có nhãn “expect”.")
    scores = Scores()
    async with opened(config.load()) as app:
        async for question, answer in batch.answers(app.traceless_dispatch(), questions, utc_now):
            scores.add({"turn": 1, "codes": [], "aspects": "", **question}, answer)
    _tell(scores, errors, as_json)


def _tell(scores: Scores, errors: int, as_json: bool) -> None:
    report = scores.report()
    if as_json:
        sys.stdout.write(json.dumps(report, ensure_ascii=False) + "\n")
        return
    console = Console(highlight=False)
    console.print(_table(report))
    for name in ("ranking", "aspect_hit", "ms"):
        if name in report:
            console.print(f"{name}: {report[name]}")
    for verdict, question, answer in scores.errors[:errors]:
        say(
            f"{verdict} {question['id']}: cần {question['expect']} {question.get('codes', [])[:3]}, "
            f"được {answer['kind']} {answer['codes'][:3]} | {question['text'][:100]}"
        )


def _table(report: dict[str, Any]) -> Table:
    table = Table("nhóm", "số câu", "đúng", "giúp được", "sai", "thiếu", "có ích")
    for name, row in report.items():
        if isinstance(row, dict) and "useful" in row:
            cells = (f"{row[key]:.3f}" for key in ("right", "helped", "wrong", "missed", "useful"))
            table.add_row(name, str(row["n"]), *cells)
    return table
