"""What lives as long as the service is left out of the collections, and goes when it is replaced."""

import gc
import weakref

import pytest

from bot.collecting import set_aside


class Ring:
    """Something that only a collection can free."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _as_before() -> object:
    yield
    gc.unfreeze()


def test_what_is_alive_is_not_looked_at_again() -> None:
    ring = Ring()

    set_aside()

    assert gc.get_freeze_count() > 1000
    assert all(one is not ring for one in gc.get_objects())


def test_a_former_base_is_freed_with_the_next_call() -> None:
    ring = Ring()
    known = weakref.ref(ring)
    set_aside()
    del ring

    set_aside()

    assert known() is None
