"""`motcua evaluate`: the quality of the answers on a file of labelled questions, also when they are typed badly."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot import batch, config
from bot.app import App
from bot.batch import BatchProblem, Question
from bot.commands import command, say
from bot.commands.opening import opened
from bot.evaluation import Scores, losses, typed_badly
from bot.moment import utc_now
from knowledge.training.retyping import Noise

FIGURES = ("right", "helped", "wrong", "missed", "useful")
CLEAN = "clean"


@command
async def evaluate(
    questions_file: Annotated[Path, typer.Argument(metavar="QUESTIONS.jsonl", help="Tệp câu hỏi đã gán nhãn.")],
    errors: Annotated[int, typer.Option("--errors", help="In N câu trả lời sai hoặc thiếu.")] = 0,
    noise: Annotated[
        list[Noise] | None,
        typer.Option("--noise", help="Đo thêm khi mọi câu bị gõ lỗi theo cách này; dùng được nhiều lần."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Số gieo cho lỗi gõ; cùng số thì cùng lỗi.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="In một dòng JSON.")] = False,
) -> None:
    """Đo chất lượng trả lời trên một tệp câu hỏi đã gán nhãn."""
    questions = batch.read_questions(questions_file)
    for question in questions:
        if "expect" not in question:
            raise BatchProblem(f"{questions_file}: câu {question['id']} chưa có nhãn “expect”.")
    noisy: dict[str, Scores] = {}
    async with opened(config.load()) as app:
        clean = await _scored(app, questions)
        for way in dict.fromkeys(noise or ()):
            noisy[way.value] = await _scored(app, [typed_badly(question, way, seed) for question in questions])
    if noisy:
        _tell_losses({CLEAN: clean, **noisy}, seed, errors, as_json)
    else:
        _tell(clean, errors, as_json)


async def _scored(app: App, questions: list[Question]) -> Scores:
    scores = Scores()
    async for question, answer in batch.answers(app.traceless_dispatch(), questions, utc_now):
        scores.add({"turn": 1, "codes": [], "aspects": "", **question}, answer)
    return scores


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
    _say_errors(scores, errors)


def _tell_losses(scores: dict[str, Scores], seed: int, errors: int, as_json: bool) -> None:
    reports = {name: made.report() for name, made in scores.items()}
    lost = {name: losses(reports[CLEAN], report) for name, report in reports.items() if name != CLEAN}
    if as_json:
        sys.stdout.write(json.dumps({"seed": seed, **reports, "loss": lost}, ensure_ascii=False) + "\n")
        return
    table = Table("nhóm", "cách gõ", "số câu", "đúng", "mất đi", "sai", "có ích")
    for group in (name for name in lost[next(iter(lost))] if "/" not in name):
        for name, report in reports.items():
            row = report[group]
            change = f"{lost[name][group]:+.3f}" if name in lost else ""
            shares = (f"{row[key]:.3f}" for key in ("wrong", "useful"))
            table.add_row(group, name, str(row["n"]), f"{row['right']:.3f}", change, *shares)
        table.add_section()
    Console(highlight=False).print(table)
    for name, made in scores.items():
        if errors:
            say(f"— {name}")
        _say_errors(made, errors)


def _say_errors(scores: Scores, errors: int) -> None:
    for verdict, question, answer in scores.errors[:errors]:
        say(
            f"{verdict} {question['id']}: cần {question['expect']} {question.get('codes', [])[:3]}, "
            f"được {answer['kind']} {answer['codes'][:3]} | {question['text'][:100]}"
        )


def _table(report: dict[str, Any]) -> Table:
    table = Table("nhóm", "số câu", "đúng", "giúp được", "sai", "thiếu", "có ích")
    for name, row in report.items():
        if isinstance(row, dict) and "useful" in row:
            table.add_row(name, str(row["n"]), *(f"{row[key]:.3f}" for key in FIGURES))
    return table
