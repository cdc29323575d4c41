"""`python -m bot`, the same as the `motcua` command."""

from bot.cli import main

main()
