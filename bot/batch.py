"""Questions in a file, answers in a file: the same path as the chat, without a trace in the database."""

import json
import time
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.dispatch import Dispatch
from handlers.messages import Citizen, IncomingMessage, Reply
from knowledge.problem import Problem

Question = dict[str, Any]


class BatchProblem(Problem):
    """The file of questions can't be used; the message is in Vietnamese."""


def read_questions(path: Path) -> list[Question]:
    """The lines {id, conversation, turn, text, ...} of a JSONL file. Raises BatchProblem naming the line."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BatchProblem(f"Không đọc được {path}: {error}") from error
    return [_question(path, number, line) for number, line in enumerate(lines, start=1) if line.strip()]


def _question(path: Path, number: int, line: str) -> Question:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BatchProblem(f"{path}, dòng {number}: không phải JSON hợp lệ ({error}).") from error
    if not isinstance(row, dict) or "id" not in row or not isinstance(row.get("text"), str):
        raise BatchProblem(f"{path}, dòng {number}: cần có “id” và “text”.")
    return row


def described(reply: Reply, milliseconds: float) -> dict[str, Any]:
    """A reply in the shape that other programs read."""
    return {
        "kind": reply.kind,
        "codes": list(reply.refs),
        "aspects": "".join(reply.aspects),
        "confidence": round(reply.confidence, 4),
        "text": reply.as_text(),
        "ms": round(milliseconds, 2),
    }


async def answers(
    dispatch: Dispatch, questions: Iterable[Question], now: Callable[[], datetime]
) -> AsyncIterator[tuple[Question, dict[str, Any]]]:
    """Each question with its answer, in order; turns of one conversation share their context."""
    for question in questions:
        citizen = Citizen("batch", str(question.get("conversation", question["id"])))
        message = IncomingMessage(id=str(question["id"]), citizen=citizen, text=question["text"], received_at=now())
        started = time.perf_counter()
        reply = await dispatch.answer(message)
        spent = (time.perf_counter() - started) * 1000
        yield question, {"id": question["id"], **described(reply, spent)}
