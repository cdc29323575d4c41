"""Logging: one line an event on stderr, never a citizen's text."""

import logging
import sys
import traceback

import structlog


def set_up(level: str) -> None:
    """Sends structlog and the standard library's logging to stderr from `level` up."""
    number = logging.getLevelNamesMapping()[level.upper()]
    logging.basicConfig(level=number, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s", force=True)
    # The drivers of the databases would tell every value: what citizens write, and the tokens.
    for noisy in ("httpx", "httpcore", "uvicorn", "alembic", "apscheduler", "aiosqlite", "sqlalchemy", "psycopg"):
        logging.getLogger(noisy).setLevel(max(number, logging.WARNING))
    # What python-telegram-bot says of its troubles quotes answers, and addresses that hold the token.
    logging.getLogger("telegram").setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def trace(error: BaseException) -> str:
    """Where an error came from, without its message: messages of errors quote what a citizen wrote."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    cause = error.__cause__ or error.__context__
    return f"{frames}{type(error).__name__}" + (f"\ncaused by\n{trace(cause)}" if cause else "")
