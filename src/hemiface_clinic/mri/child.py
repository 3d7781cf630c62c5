"""What the sandbox's child does with pictures: reads them, and measures them. Knows no Django."""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hemiface.errors import HemifaceError

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from hemiface.mri import Clicks
    from hemiface.mri.reading import Series
    from hemiface.types import Floats, Side
    from hemiface.volume import Volume

T2, TOF, HEADERS = "t2.nii.gz", "tof.nii.gz", "t2.headers.json"
FOUND, MASKS, NERVES, VESSELS = "found.json", "masks.nii.gz", "nerves.mz3", "vessels.mz3"
PAGE, EVERYTHING = "report.html", "everything.zip"
_SAID = 500  # characters of a sentence that is passed on

Answer = dict[str, Any]
Tell = Callable[[float], None]


def read_pictures(uploads: Path, out: Path) -> Answer:
    """Read what was sent, choose T2 and TOF, and write both without identity, the TOF laid over.

    Returns
    -------
    dict
        What the pictures are, and what is doubtful; or, under `refused`, a sentence that says why
        they are not taken.
    """
    try:
        return _read(uploads, out)
    except MemoryError:
        return {"refused": "The pictures need more memory than they may use. Send T2 and TOF only."}
    except HemifaceError as problem:
        return {"refused": _without_paths(str(problem), uploads)}


def measure_pictures(folder: Path, out: Path, tell: Tell, asked: str) -> Answer:
    """Measure what `read_pictures` wrote.

    Parameters
    ----------
    asked : str
        JSON: `clicks` by side, `t2_mm` and `tof_mm` as acquired, and `doubts` of the reading.
    """
    try:
        _measure(folder, out, tell, json.loads(asked))
    except MemoryError:
        return {"refused": "Measuring these pictures needs more memory than it may use."}
    except HemifaceError as problem:
        return {"refused": _without_paths(str(problem), folder)}
    return {"done": True}


def _read(uploads: Path, out: Path) -> Answer:
    from hemiface.mri.reading import Study, check_quality, choose_series, read_mri, write_nifti

    first, *more = [read_mri(path) for path in sorted(uploads.iterdir())]
    series = (*first.series, *(_as_tof(one) for study in more for one in study.series))
    left_out = tuple(one for study in (first, *more) for one in study.left_out)
    t2, tof = choose_series(Study(series))
    doubts = check_quality(t2, tof)
    write_nifti(out / T2, t2.volume)
    if tof is not None:
        write_nifti(out / TOF, _laid_over(t2.volume, tof.volume))
    if t2.sources:
        headers = [one.to_json_dict() for one in t2.sources]
        (out / HEADERS).write_text(json.dumps(headers), encoding="utf-8")
    return {
        "t2": _told(t2),
        "tof": None if tof is None else _told(tof),
        "kinds": sorted({one.kind for one in series}),
        "left_out": [_without_paths(one, uploads) for one in left_out[:20]],
        "proposed": _proposed(t2.volume, None if tof is None else tof.volume),
        "doubts": [
            {**asdict(one), "sentence": _without_paths(one.sentence, uploads)} for one in doubts
        ],
    }  # fmt: skip


def _as_tof(series: "Series") -> "Series":
    """Take what was sent as TOF for one, where its voxels do not say what it is."""
    return replace(series, kind="tof") if series.kind == "other" else series


def _laid_over(t2: "Volume", tof: "Volume") -> "Volume":
    """Return the TOF where it lies on the T2; as its header says where that cannot be found."""
    import numpy as np

    from hemiface.mri.register import register_tof

    try:
        pose = register_tof(t2, tof)
    except (HemifaceError, RuntimeError):
        return tof
    return replace(tof, affine=np.linalg.inv(pose) @ tof.affine)


def _proposed(t2: "Volume", tof: "Volume | None") -> Answer:
    """Return points for a doctor to look at; none where none can be proposed."""
    from hemiface.mri import propose_clicks

    try:
        found = propose_clicks(t2, tof)
    except (HemifaceError, RuntimeError):
        return {}
    return {
        side: {name: _rounded(getattr(clicks, name)) for name in ("root_exit", "meatus")}
        for side, clicks in found.items()
    }


def _told(series: "Series") -> Answer:
    low, high = _box(series.volume)
    return {
        "description": series.description[:60],
        "voxel_mm": [round(float(one), 3) for one in series.volume.spacing_mm],
        "acquired_mm": [round(float(one), 3) for one in series.resolution_mm],
        "shape": list(series.volume.voxels.shape),
        "low_mm": low,
        "high_mm": high,
        "is_dicom": bool(series.sources),
    }


def _box(volume: "Volume") -> tuple[list[float], list[float]]:
    """Return the lowest and highest corner of the field, LPS mm."""
    from itertools import product

    corners = volume.places(list(product(*((-0.5, n - 0.5) for n in volume.voxels.shape))))
    low, high = corners.min(axis=0), corners.max(axis=0)
    return _rounded(low), _rounded(high)


def _rounded(place: "Iterable[float]") -> list[float]:
    return [round(float(one), 2) for one in place]


def _measure(folder: Path, out: Path, tell: Tell, asked: Answer) -> None:
    import numpy as np

    from hemiface.mri import Doubt, measure_mri
    from hemiface_clinic.mri.writing import write_everything

    t2, tof = _volume(folder / T2), _volume(folder / TOF) if asked["tof_mm"] else None
    found = measure_mri(
        t2, tof, _clicks(asked["clicks"]),
        t2_mm=np.array(asked["t2_mm"]), tof_mm=_array(asked["tof_mm"]),
        progress=lambda share: tell(0.9 * share),
    ).doubted([Doubt(**one) for one in asked["doubts"]])  # fmt: skip
    write_everything(out, found, t2, tof, _headers(folder / HEADERS))
    tell(1.0)


def _volume(path: Path) -> "Volume":
    from hemiface.mri.reading import read_mri

    return read_mri(path).series[0].volume


def _headers(path: Path) -> "list[Dataset]":
    from pydicom.dataset import Dataset

    if not path.exists():
        return []
    return [Dataset.from_json(one) for one in json.loads(path.read_bytes())]


def _array(numbers: list[float] | None) -> "Floats | None":
    import numpy as np

    return None if numbers is None else np.array(numbers)


def _clicks(asked: Answer) -> "dict[Side, Clicks]":
    from hemiface.mri import Clicks
    from hemiface.types import SIDES

    return {
        side: Clicks(tuple(asked[side]["root_exit"]), tuple(asked[side]["meatus"]))
        for side in SIDES
        if side in asked
    }


def _without_paths(sentence: str, folder: Path) -> str:
    """Return a sentence without a path of this machine."""
    words = (_plain(word, str(folder)) for word in sentence[:_SAID].split(" "))
    return " ".join(words)


def _plain(word: str, folder: str) -> str:
    return "The file" if folder in word else word
