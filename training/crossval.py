"""The forests of the folds: for each person, one that never saw them."""

from pathlib import Path

from hemiface.spasms.forest import Forest, read_forest
from training.people import read_clips


def forest_for_clip(name: str, *, data: Path, cache: Path) -> Forest | None:
    """Return the forest that did not learn from the person in a clip, if there is one.

    Parameters
    ----------
    name : str
        Name of the clip, without its ending.
    data : Path
        The test data, for who is in which clip.
    cache : Path
        Where `python -m training` kept the forests of the folds.
    """
    people = {clip.name: clip.person for clip in read_clips(data)}
    path = cache / f"forest_video_{people.get(name)}.npz"
    return read_forest(path) if path.exists() else None
