"""`python -m tests.doubles PLATFORM`: a platform on this machine, to chat through a real channel without an account."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from importlib import import_module

from rich.console import Console

from bot.channels.console import lines_of
from tests.doubles.chatting import Open

PLATFORMS = {"telegram": "telegram", "zalo": "zalo_oa", "zalo-bot": "zalo_bot"}
HELP = f"Cách dùng: python -m tests.doubles {'|'.join(PLATFORMS)}"


async def talk(open_: Open, lines: AsyncIterator[str], console: Console) -> None:
    """Lines in, the desk's messages out, until the lines end."""

    def show(text: str) -> None:
        console.print(f"\n{text}\n", markup=False, style="cyan")

    async with open_(show) as platform:
        console.print(platform.steps, markup=False, soft_wrap=True)
        async for line in lines:
            if line.strip():
                await platform.say(line)


def main(arguments: list[str]) -> int:
    """Runs the platform named; returns the exit code."""
    console = Console(highlight=False)
    if len(arguments) != 1 or arguments[0] not in PLATFORMS:
        console.print(HELP, markup=False)
        return 2
    double = import_module(f"tests.doubles.{PLATFORMS[arguments[0]]}")
    with suppress(KeyboardInterrupt):
        asyncio.run(talk(double.chat, lines_of(), console))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
