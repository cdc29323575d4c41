"""The `motcua` command."""

import sys

STOPPED = 130
"""The exit code of a command ended by Ctrl-C."""


def main() -> None:
    """Runs the command line; Ctrl-C while the program is still being read ends it without a trace."""
    try:
        from bot.commands.every import app

        app()
    except KeyboardInterrupt:
        sys.stderr.write("Đã dừng.\n")
        sys.exit(STOPPED)
