"""What is sent must be small enough and readable; the sentences that say why it is not."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from hemiface.errors import HemifaceError
from hemiface.types import SIDES
from hemiface_clinic.recordings.checks import RecordingRefusedError, check_room
from hemiface_clinic.recordings.runner import Answer, BrokenChildError, RefusedError, run_child

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

_SENTENCES: Mapping[str, "StrPromise"] = {
    "nothing": _("Choose the T2 first: a NIfTI file, or a zip of the DICOM files."),
    "empty": _("The file must hold pictures; it is empty. Choose another, or copy it again."),
    "too_big": _(
        "Pictures may have at most %(megabytes)d MB together; these have more. "
        "Send the heavy T2 and the TOF only."
    ),
    "no_room": _(
        "The clinic's computer must have room for pictures; it has none now. Nothing was kept."
    ),
    "too_slow": _(
        "Pictures must be read within three minutes, and measured within twenty; these take "
        "longer. Send the heavy T2 and the TOF only."
    ),
    "broken": _(
        "The file must be a NIfTI file or a zip of DICOM files; it is something else, or damaged. "
        "Export it again, uncompressed."
    ),
}


class StudyRefusedError(HemifaceError):
    """Pictures that are not taken; says why: in one of our sentences, or in one of the library's.

    Attributes
    ----------
    code : str
        Why, in one word, or the library's sentence.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return sentence(self.code)


def sentence(code: str) -> str:
    """Return why pictures were refused, in a sentence."""
    if code not in _SENTENCES:
        return "".join(letter for letter in code if letter.isprintable())
    return str(_SENTENCES[code]) % {"megabytes": settings.LARGEST_MRI // 10**6}


def check_size(size: int) -> None:
    """Refuse what is empty or too big; `size` is in bytes.

    Raises
    ------
    StudyRefusedError
    """
    if size == 0:
        raise StudyRefusedError("empty")
    if size > settings.LARGEST_MRI:
        raise StudyRefusedError("too_big")


def read_in_child(uploads: Path, folder: Path) -> dict[str, Any]:
    """Let a child read what was sent and write the chosen pictures into its folder.

    Raises
    ------
    StudyRefusedError
        If it is not an MRI that can be taken.
    """
    try:
        check_room(folder)
        return _checked(run_child("mri-read", uploads, folder))
    except RecordingRefusedError as refused:
        raise StudyRefusedError(refused.code) from refused
    except RefusedError as refused:
        raise StudyRefusedError(refused.code) from refused
    except (BrokenChildError, KeyError, TypeError, ValueError) as problem:
        raise StudyRefusedError("broken") from problem


def _checked(answer: Answer) -> dict[str, Any]:
    """Return what the child told; it read a stranger's file, so it is not simply believed."""
    tof = answer["tof"]
    return {
        "t2": _series(answer["t2"]),
        "tof": None if tof is None else _series(tof),
        "kinds": [str(one)[:10] for one in answer["kinds"]],
        "left_out": [str(one)[:500] for one in answer["left_out"]],
        "proposed": {
            side: {place: _three(where[place]) for place in ("root_exit", "meatus")}
            for side, where in answer["proposed"].items()
            if side in SIDES
        },
        "doubts": [
            {
                "key": str(one["key"]),
                "sentence": str(one["sentence"]),
                "refuses": bool(one["refuses"]),
            }
            for one in answer["doubts"]
        ],
    }


def _series(told: Answer) -> dict[str, Any]:
    numbers = ("voxel_mm", "acquired_mm", "low_mm", "high_mm")
    return {
        "description": str(told["description"]),
        "is_dicom": bool(told["is_dicom"]),
        "shape": [int(one) for one in told["shape"]],
        **{name: _three(told[name]) for name in numbers},
    }


def _three(numbers: Any) -> list[float]:
    x, y, z = (float(one) for one in numbers)
    return [x, y, z]
