"""Conversations kept in memory only, for questions from the command line that must leave no trace."""

from bot.storage.answers import AnswerRecord
from handlers.messages import Citizen, Conversation, IncomingMessage, Reply


class MemoryConversations:
    """The state of each conversation until the process ends; no lines are kept."""

    def __init__(self) -> None:
        self._states: dict[Citizen, Conversation] = {}

    async def load(self, citizen: Citizen) -> Conversation:
        """The state last saved, or a new one."""
        return self._states.get(citizen, Conversation())

    async def save(self, message: IncomingMessage, reply: Reply, conversation: Conversation) -> None:  # noqa: ARG002
        """Keeps the state."""
        self._states[message.citizen] = conversation

    async def last_reply(self, citizen: Citizen) -> Reply | None:  # noqa: ARG002
        """Nothing: no replies are kept."""
        return None


class NoRecords:
    """Keeps nothing."""

    async def add(self, record: AnswerRecord) -> None:
        """Drops the record."""
