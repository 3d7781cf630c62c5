"""Which file of one folder belongs to which of another: those with one name, endings aside."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hemiface.errors import SourceError

# Where one recording has several files, the first kind in the list is taken.
_MARKED = (".truth.json", ".eaf", ".edf", "_events.tsv", ".tsv", ".csv")
_FOUND = (".json", ".spasms.csv", *_MARKED[1:], ".truth.json")
_TRUTH = (*_MARKED, ".spasms.csv", ".json")
_ENDINGS = sorted(_TRUTH, key=len, reverse=True)


@dataclass(frozen=True)
class Pair:
    """Two files about one recording."""

    name: str
    found: Path
    truth: Path


def pair_files(found: Path, truth: Path) -> tuple[list[Pair], list[str]]:
    """Pair the files of two folders by name: ``visit1.json`` with ``visit1.eaf``.

    Of several files about one recording, measurements go first in `found`, and truths and
    annotations in `truth`. The folders may be one and the same.

    Returns
    -------
    list of Pair
        In order of their names.
    list of str
        Sentences that name files without a partner, and truths that another was preferred to.

    Raises
    ------
    SourceError
        If a folder cannot be read, or nothing pairs.
    """
    of_found, of_truth = _by_name(found, _FOUND), _by_name(truth, _TRUTH)
    shared = sorted(of_found.keys() & of_truth.keys())
    pairs = [Pair(name, of_found[name][0], of_truth[name][0]) for name in shared]
    pairs = [pair for pair in pairs if pair.found != pair.truth]
    if not pairs:
        raise SourceError(
            f"{found} and {truth} must hold files of the same names, as visit1.json and visit1.eaf;"
            " none pair. Name each annotation after its recording."
        )
    names = {pair.name for pair in pairs}
    notes = [
        _say_alone(found, of_found, names),
        _say_alone(truth, of_truth, names),
        *(_say_others(pair, of_truth[pair.name]) for pair in pairs),
    ]
    return pairs, [note for note in dict.fromkeys(notes) if note]


def _by_name(folder: Path, order: Sequence[str]) -> dict[str, list[Path]]:
    """Return the files of each recording, the one to take first."""
    try:
        files = sorted(path for path in folder.iterdir() if path.is_file())
    except OSError as problem:
        raise SourceError(f"{folder} cannot be read: {problem.strerror}.") from problem
    ranked = [(order.index(ending), path) for path in files if (ending := _ending(path))]
    chosen: dict[str, list[Path]] = {}
    for _, path in sorted(ranked):
        chosen.setdefault(path.name.removesuffix(_ending(path)), []).append(path)
    return chosen


def _ending(path: Path) -> str:
    """Return the longest known ending of a file's name; empty if it has none, or is hidden."""
    known = (ending for ending in _ENDINGS if path.name.endswith(ending))
    return "" if path.name.startswith(".") else next(known, "")


def _say_alone(folder: Path, files: dict[str, list[Path]], paired: set[str]) -> str:
    alone = [files[name][0].name for name in sorted(files.keys() - paired)]
    if not alone:
        return ""
    more = f" and {len(alone) - 8} more" if len(alone) > 8 else ""
    return (
        f"Without a partner in {folder.resolve().name}, and left out: {', '.join(alone[:8])}{more}."
    )


def _say_others(pair: Pair, files: list[Path]) -> str:
    """Name the truths that were not taken because another was."""
    others = [path.name for path in files[1:] if _ending(path) in _MARKED and path != pair.found]
    return f"{pair.truth.name} was taken as true, not {', '.join(others)}." if others else ""
