"""A phantom as files: the pictures as NIfTI, the truth as JSON."""

import gzip
import json
from dataclasses import asdict, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args, get_origin, get_type_hints

import numpy as np

from hemiface.errors import MissingExtraError, OutputError, SourceError
from hemiface.simulate.mri.phantom import Phantom
from hemiface.simulate.mri.truth import Truth
from hemiface.volume import Volume
from hemiface.whole import written_whole

SCHEMA = "hemiface.mri-truth/1"
_DIGITS = 5
_TO_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])

Plain = dict[str, "Plain"] | list["Plain"] | str | float | int | bool | None


def write_phantom(folder: Path, phantom: Phantom) -> tuple[Path, ...]:
    """Write `t2.nii.gz`, `tof.nii.gz` (if there is one) and `truth.json`; same phantom, same bytes.

    Nothing is left half-written: each file appears whole or not at all.

    Parameters
    ----------
    folder : Path
        Made if missing.
    phantom : Phantom

    Returns
    -------
    tuple of Path
        What was written.

    Raises
    ------
    OutputError
        If the folder or a file cannot be written.
    MissingExtraError
        If the packages of the extra `mri` are absent.
    """
    contents = {"t2.nii.gz": nifti_bytes(phantom.t2)}
    if phantom.tof is not None:
        contents["tof.nii.gz"] = nifti_bytes(phantom.tof)
    contents["truth.json"] = truth_json(phantom.truth).encode()
    make_folder(folder)
    for name, content in contents.items():
        with written_whole(folder / name) as part:
            part.write_bytes(content)
    return tuple(folder / name for name in contents)


def make_folder(folder: Path) -> None:
    """Make a folder, or raise `OutputError`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        reason = problem.strerror or "it is not a folder"
        raise OutputError(f"{folder} cannot be written: {reason}. Choose another.") from problem


def nifti_bytes(volume: Volume) -> bytes:
    """Return a volume as a compressed NIfTI file, whose axes are RAS; no time in it.

    Raises
    ------
    MissingExtraError
        If nibabel is absent.
    """
    try:
        import nibabel
    except ImportError as problem:
        raise missing_extra("NIfTI", "nibabel") from problem
    image: Any = nibabel.Nifti1Image(volume.voxels, _TO_RAS @ volume.affine)  # type: ignore[no-untyped-call]
    image.header.set_xyzt_units("mm")
    image.set_sform(image.affine, code=1)
    image.set_qform(image.affine, code=1)
    return gzip.compress(image.to_bytes(), mtime=0)


def missing_extra(what: str, package: str) -> MissingExtraError:
    """Return the error that names the extra to install."""
    return MissingExtraError(
        f"{what} needs the package {package}, which is not installed. "
        'Install it with: pip install "hemiface[mri]".'
    )


def truth_json(truth: Truth) -> str:
    """Return the truth as JSON: sorted names, lengths rounded to a hundredth of a micrometre."""
    told = {one.side: {"is_contact": one.is_contact} | asdict(one) for one in truth.sides}
    document = asdict(truth) | {
        "schema": SCHEMA, "simulated": True, "sides": [told[one.side] for one in truth.sides],
    }  # fmt: skip
    return json.dumps(_plain(document), sort_keys=True, allow_nan=False) + "\n"


def read_truth(path: Path) -> Truth:
    """Read what `write_phantom` wrote.

    Raises
    ------
    SourceError
        If the file cannot be read, or is no truth of a phantom.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["schema"] != SCHEMA:
            raise KeyError(document["schema"])
        return cast(Truth, _made(Truth, document))
    except OSError as problem:
        raise SourceError(f"{path} cannot be read: {problem.strerror}. Check it.") from problem
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise SourceError(
            f"{path} must hold the truth of a phantom ({SCHEMA}); it does not. "
            "Give the truth.json that was written beside its pictures."
        ) from problem


def _made(kind: object, value: object) -> object:
    """Return a value of a type of the truth, from what JSON holds of it."""
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        document = _expect(value, dict)
        return kind(
            **{one.name: _made(hints[one.name], document[one.name]) for one in fields(kind)}
        )
    if get_origin(kind) is np.ndarray:
        return np.array(_expect(value, list), float)
    if get_origin(kind) is tuple:
        inner, items = get_args(kind), _expect(value, list)
        kinds = (inner[0],) * len(items) if inner[-1] is Ellipsis else inner
        return tuple(_made(one, item) for one, item in zip(kinds, items, strict=True))
    if get_origin(kind) is Literal:
        return get_args(kind)[get_args(kind).index(value)]
    return float(_expect(value, (int, float))) if kind is float else _expect(value, kind)


def _expect(value: Any, kind: Any) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"expected {kind}, got {type(value)}")
    return value


def _plain(value: object) -> Plain:
    """Return what JSON can hold of a value, numbers rounded."""
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        return round(value, _DIGITS)
    if isinstance(value, (str, bool, int)) or value is None:
        return value
    raise TypeError(f"A truth holds no {type(value).__name__}.")
