"""Which found event is which true one: one to one, the best matching there is.

Two events may be matched if they are on the same side and either overlap or begin within
`TOLERANCE_S` of each other. Among all ways to match, the one with the most pairs is taken, and
among those the one whose onsets lie nearest together: no order of the lists and no greedy choice
decides. Onset windows and maximum one-to-one matching are those of mir_eval; overlap is added
because a long spasm may rise slowly.

References
----------
Raffel C et al. mir_eval: a transparent implementation of common MIR metrics. ISMIR 2014.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hemiface.types import Blink, Floats, Spasm

TOLERANCE_S = 0.15
"""How far apart two onsets may lie: about the time in which a spasm rises and an eye blinks."""

Event = Spasm | Blink
Indices = NDArray[np.intp]


def match_events(
    found: Sequence[Event],
    truth: Sequence[Event],
    *,
    tolerance_s: float = TOLERANCE_S,
    any_side: bool = False,
) -> list[tuple[int, int]]:
    """Return the best one-to-one matching, as pairs of positions (in `found`, in `truth`).

    Parameters
    ----------
    found, truth : sequence of Spasm or Blink
        In any order.
    tolerance_s : float
        Onsets this near make a match where events do not overlap.
    any_side : bool
        Match in time alone; the same side is still preferred between equal choices.

    Returns
    -------
    list of tuple
        Sorted by position in `found`.
    """
    spare = [False] * len(truth)
    return match_asked(found, truth, spare, tolerance_s=tolerance_s, any_side=any_side)


def match_asked(
    found: Sequence[Event],
    truth: Sequence[Event],
    spare: Sequence[bool],
    *,
    tolerance_s: float = TOLERANCE_S,
    any_side: bool = False,
) -> list[tuple[int, int]]:
    """Match as `match_events` does; true events that are `spare` only take what is left over."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    rows, columns, apart_s = _edges(found, truth, tolerance_s, any_side=any_side)
    spared = np.asarray(spare, dtype=bool)[columns]
    n = len(found) + len(truth)
    graph = coo_array((np.ones(rows.size), (rows, columns + len(found))), shape=(n, n))
    # Events far apart in time do not compete: each cluster is solved alone.
    cluster = connected_components(graph, directed=False)[1][rows]
    order = np.argsort(cluster, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(cluster[order])) + 1) if rows.size else []
    return sorted(
        pair
        for part in parts
        for pair in _assign(rows[part], columns[part], apart_s[part], spared[part])
    )


def _edges(
    found: Sequence[Event], truth: Sequence[Event], tolerance_s: float, *, any_side: bool
) -> tuple[Indices, Indices, Floats]:
    """Return which pairs may be matched, and how far apart their onsets lie."""
    onsets = np.array([event.onset_s for event in truth])
    ends = np.array([event.end_s for event in truth])
    sides = np.array([_side(event) for event in truth])
    rows, columns, apart = [np.empty(0, np.intp)], [np.empty(0, np.intp)], [np.empty(0)]
    for index, event in enumerate(found):
        away_s = np.abs(onsets - event.onset_s)
        meet = ((onsets < event.end_s) & (event.onset_s < ends)) | (away_s <= tolerance_s)
        same_side = sides == _side(event)
        met = np.flatnonzero(meet if any_side else meet & same_side)
        rows.append(np.full(met.size, index))
        columns.append(met)
        # A hair's breadth prefers the same side between equal choices.
        apart.append(away_s[met] + np.where(same_side[met], 0.0, 1e-6))
    return np.concatenate(rows), np.concatenate(columns), np.concatenate(apart)


def _assign(
    rows: Indices, columns: Indices, apart_s: Floats, spare: NDArray[np.bool_]
) -> list[tuple[int, int]]:
    """Solve one cluster: most pairs that are asked for, then most pairs, then the nearest."""
    from scipy.optimize import linear_sum_assignment

    founds, row = np.unique(rows, return_inverse=True)
    truths, column = np.unique(columns, return_inverse=True)
    # One pair outweighs every distance there can be together; one asked for, all that are spared.
    most = 1 + min(founds.size, truths.size)
    one = most * (1.0 + float(apart_s.max()))
    worth = np.zeros((founds.size, truths.size))
    worth[row, column] = np.where(spare, one, most * one) - apart_s
    best = zip(*linear_sum_assignment(worth, maximize=True), strict=True)
    return [(int(founds[i]), int(truths[j])) for i, j in best if worth[i, j] > 0.0]


def _side(event: Event) -> str:
    """The side an event is on; a blink is on both."""
    return event.side if isinstance(event, Spasm) else "both"
