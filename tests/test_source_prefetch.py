"""Working ahead: order, bounds, errors, and no thread left behind."""

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from hemiface.source import prefetch


def threads() -> int:
    return sum(thread.name.startswith("prefetch") for thread in threading.enumerate())


def test_items_come_in_order() -> None:
    assert list(prefetch(iter(range(100)), 3)) == list(range(100))
    assert list(prefetch(iter(()), 3)) == []
    assert threads() == 0


def test_none_is_an_item() -> None:
    assert list(prefetch(iter([None, 0, None]))) == [None, 0, None]


def test_no_more_than_asked_for_wait() -> None:
    made: list[int] = []

    def make() -> Iterator[int]:
        for item in range(1000):
            made.append(item)
            yield item

    with closing(prefetch(make(), 4)) as items:
        next(items)
        next(items)

    assert len(made) <= 2 + 4
    assert threads() == 0


def test_an_error_comes_after_what_was_made_before_it() -> None:
    def fail() -> Iterator[int]:
        yield 1
        yield 2
        raise ValueError("three")

    items = prefetch(fail(), 8)

    assert [next(items), next(items)] == [1, 2]
    with pytest.raises(ValueError, match="three"):
        next(items)
    assert threads() == 0


def test_the_work_is_done_in_another_thread() -> None:
    names = list(prefetch(threading.current_thread().name for _ in range(3)))

    assert all(name.startswith("prefetch") for name in names)
