"""Conversations in the database: the state between two messages, and the lines to show again after a reload."""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.gathering import Together
from bot.storage.engine import without_transaction
from bot.storage.handover_tables import handover
from bot.storage.tables import conversation as conversations
from bot.storage.tables import line as lines
from handlers.messages import Citizen, Conversation, IncomingMessage, Line, Reply

_STATE = TypeAdapter(Conversation)
_REPLY = TypeAdapter(Reply)
CITIZEN, DESK, NEWS = "citizen", "desk", "news"
"""Who said a line; NEWS: the desk, without being asked."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """What is kept of one turn. state, said and replied: as they are stored."""

    citizen: Citizen
    at: datetime
    state: str
    said: str
    replied: str


class StoredConversations:
    """The conversations of all channels, over one engine. Raises ConnectionError while the database is away."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._alone = without_transaction(engine)
        self._insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
        self._loading: Together[Citizen, Conversation] = Together(self._load_all)
        self._saving: Together[_Turn, None] = Together(self._save_all)

    @asynccontextmanager
    async def _connection(self, *, alone: bool = False) -> AsyncIterator[AsyncConnection]:
        try:
            async with (self._alone if alone else self._engine).begin() as connection:
                yield connection
        except DBAPIError as error:
            raise ConnectionError("the database does not answer") from error

    async def load(self, citizen: Citizen) -> Conversation:
        """The state last saved, or a new one."""
        return await self._loading(citizen)

    async def _load_all(self, citizens: Sequence[Citizen]) -> Sequence[Conversation]:
        query = select(conversations.c.channel, conversations.c.citizen, conversations.c.state).where(
            conversations.c.channel.in_({citizen.channel for citizen in citizens}),
            conversations.c.citizen.in_({citizen.id for citizen in citizens}),
        )
        async with self._connection(alone=True) as connection:
            found = {(row.channel, row.citizen): row.state for row in await connection.execute(query)}
        states = [found.get((citizen.channel, citizen.id)) for citizen in citizens]
        return [_STATE.validate_json(state) if state else Conversation() for state in states]

    async def save(self, message: IncomingMessage, reply: Reply, conversation: Conversation) -> None:
        """Keeps the new state and both lines of this turn, in one transaction, with other turns of the moment."""
        state, replied = _STATE.dump_json(conversation).decode(), _REPLY.dump_json(reply).decode()
        await self._saving(_Turn(message.citizen, message.received_at.astimezone(UTC), state, message.text, replied))

    async def _save_all(self, turns: Sequence[_Turn]) -> Sequence[None]:
        # In one order, so that two replicas never wait for each other; of one citizen the last state counts.
        newest = {(turn.citizen.channel, turn.citizen.id): turn for turn in turns}
        rows = [
            {"channel": channel, "citizen": citizen, "state": turn.state, "updated_at": turn.at}
            for (channel, citizen), turn in sorted(newest.items(), key=lambda item: item[0])
        ]
        new = self._insert(conversations)
        kept = new.on_conflict_do_update(
            index_elements=["channel", "citizen"],
            set_={"state": new.excluded.state, "updated_at": new.excluded.updated_at},
        ).returning(conversations.c.id, conversations.c.channel, conversations.c.citizen)
        async with self._connection() as connection:
            numbers = {(row.channel, row.citizen): row.id for row in await connection.execute(kept, rows)}
            said_and_replied = [
                {"conversation_id": numbers[turn.citizen.channel, turn.citizen.id], "at": turn.at, **spoken}
                for turn in turns
                for spoken in ({"speaker": CITIZEN, "body": turn.said}, {"speaker": DESK, "body": turn.replied})
            ]
            await connection.execute(insert(lines).returning(lines.c.id), said_and_replied)
        return [None] * len(turns)

    async def history(self, citizen: Citizen, limit: int = 50) -> list[Line]:
        """The last lines of a citizen's conversation, oldest first."""
        query = (
            select(lines.c.id, lines.c.speaker, lines.c.body, lines.c.at)
            .join(conversations, conversations.c.id == lines.c.conversation_id)
            .where(conversations.c.channel == citizen.channel, conversations.c.citizen == citizen.id)
            .order_by(lines.c.id.desc())
            .limit(limit)
        )
        async with self._connection() as connection:
            rows = (await connection.execute(query)).all()
        return [_line(row) for row in reversed(rows)]

    async def last_reply(self, citizen: Citizen) -> Reply | None:
        """What was replied to their last message, whatever the desk has said since; None if there is none."""
        theirs = (
            select(lines.c.id, lines.c.speaker, lines.c.body)
            .join(conversations, conversations.c.id == lines.c.conversation_id)
            .where(conversations.c.channel == citizen.channel, conversations.c.citizen == citizen.id)
        )
        asked = theirs.where(lines.c.speaker == CITIZEN).order_by(lines.c.id.desc()).limit(1)
        async with self._connection() as connection:
            last = (await connection.execute(asked)).one_or_none()
            if last is None:
                return None
            replied = theirs.where(lines.c.speaker == DESK, lines.c.id > last.id).order_by(lines.c.id).limit(1)
            row = (await connection.execute(replied)).one_or_none()
        return _REPLY.validate_json(row.body) if row else None

    async def append(self, citizen: Citizen, reply: Reply, at: datetime) -> bool:
        """Adds a message of the desk that nobody asked for; False if there is no such conversation."""
        async with self._connection() as connection:
            row = await _row(connection, citizen)
            if row is None:
                return False
            body = _REPLY.dump_json(reply).decode()
            values = {"conversation_id": row.id, "speaker": NEWS, "body": body, "at": at.astimezone(UTC)}
            await connection.execute(insert(lines), [values])
        return True

    async def news(self, channel: str, citizens: Collection[str], after: int) -> list[tuple[str, Line]]:
        """What the desk has said to these citizens without being asked, behind a line's number; in its order."""
        query = (
            select(conversations.c.citizen, lines.c.id, lines.c.speaker, lines.c.body, lines.c.at)
            .join(conversations, conversations.c.id == lines.c.conversation_id)
            .where(
                conversations.c.channel == channel,
                conversations.c.citizen.in_(citizens),
                lines.c.id > after,
                lines.c.speaker == NEWS,
            )
            .order_by(lines.c.id)
        )
        async with self._connection() as connection:
            return [(row.citizen, _line(row)) for row in await connection.execute(query)]

    async def forget(self, citizen: Citizen) -> None:
        """Deletes everything kept of a citizen's conversation, and of their talks with the office's people."""
        talks = handover.c.channel == citizen.channel, handover.c.citizen == citizen.id
        async with self._connection() as connection:
            await connection.execute(delete(handover).where(*talks))
            row = await _row(connection, citizen)
            if row:
                await connection.execute(delete(lines).where(lines.c.conversation_id == row.id))
                await connection.execute(delete(conversations).where(conversations.c.id == row.id))

    async def purge(self, before: datetime) -> int:
        """Deletes conversations last touched before a moment; returns how many."""
        limit = before.astimezone(UTC)
        old = select(conversations.c.id).where(conversations.c.updated_at < limit)
        async with self._connection() as connection:
            await connection.execute(delete(lines).where(lines.c.conversation_id.in_(old)))
            await connection.execute(delete(lines).where(lines.c.at < limit))
            result = await connection.execute(delete(conversations).where(conversations.c.updated_at < limit))
        return result.rowcount


async def _row(connection: AsyncConnection, citizen: Citizen) -> Row[Any, Any] | None:
    query = select(conversations.c.id, conversations.c.state).where(
        conversations.c.channel == citizen.channel, conversations.c.citizen == citizen.id
    )
    return (await connection.execute(query)).one_or_none()


def _line(row: Row[*tuple[Any, ...]]) -> Line:
    at = row.at if row.at.tzinfo else row.at.replace(tzinfo=UTC)
    if row.speaker == CITIZEN:
        return Line(at=at, said=row.body, number=row.id)
    return Line(at=at, reply=_REPLY.validate_json(row.body), number=row.id)
