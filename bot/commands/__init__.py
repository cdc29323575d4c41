"""The commands of `motcua`, one file per group; messages for people are in Vietnamese."""

import asyncio
import functools
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec

import typer
from rich.console import Console

from knowledge.problem import Problem

P = ParamSpec("P")


def say(message: str) -> None:
    """A line for the person at the terminal."""
    Console(highlight=False, soft_wrap=True).print(message, markup=False)


def complain(message: str) -> None:
    """A line on stderr about what went wrong."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(message, style="bold red", markup=False)


def command(
    run: Callable[P, Coroutine[Any, Any, None]], loop_factory: Callable[[], asyncio.AbstractEventLoop] | None = None
) -> Callable[P, None]:
    """Makes a coroutine a command: runs it, and tells a known problem in one line with exit code 1."""

    @functools.wraps(run)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            with asyncio.Runner(loop_factory=loop_factory) as runner:
                runner.run(run(*args, **kwargs))
        except Problem as problem:
            complain(f"Lỗi: {problem}")
            raise typer.Exit(1) from problem
        except KeyboardInterrupt:
            complain("Đã dừng.")
            raise typer.Exit(130) from None

    return wrapper
