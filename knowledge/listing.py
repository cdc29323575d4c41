"""What the index lists of every entry, as far as grouping and shelving need it."""

from collections.abc import Sequence
from typing import Protocol

from knowledge.entries import Level


class Listed(Protocol):
    """What the index knows of every entry, one value each in the same order; province: its short name or ""."""

    @property
    def ref(self) -> Sequence[str]: ...
    @property
    def title(self) -> Sequence[str]: ...
    @property
    def level(self) -> Sequence[Level]: ...
    @property
    def agency(self) -> Sequence[str]: ...
    @property
    def field(self) -> Sequence[str]: ...
    @property
    def province(self) -> Sequence[str]: ...
