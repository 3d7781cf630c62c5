"""Work ahead in a background thread, a bounded number of items."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar, cast

T = TypeVar("T")


def prefetch(items: Iterator[T], n: int = 8) -> Iterator[T]:
    """Yield the items of an iterator, at most `n` of which are made ahead in another thread.

    What the iterator raises is raised here, after the items before it. Closing this generator stops
    the work and leaves no thread behind: `contextlib.closing` does so at once; leaving a ``for``
    loop early, when nothing refers to the generator any more.

    Parameters
    ----------
    items : iterator
        Used by the other thread alone from here on.
    n : int
        How many items may wait; memory is bounded by them.
    """
    end = object()
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="prefetch") as worker:
        waiting: deque[Future[T | object]] = deque(
            worker.submit(next, items, end) for _ in range(n)
        )
        try:
            while (item := waiting.popleft().result()) is not end:
                waiting.append(worker.submit(next, items, end))
                yield cast(T, item)
        finally:
            for future in waiting:
                future.cancel()
