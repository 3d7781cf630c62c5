"""What a video must be to be taken, and the sentences that say why one is not."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from hemiface.errors import HemifaceError
from hemiface_clinic.recordings.bounds import MAX_BYTES, MAX_FRAMES, MAX_S, MIN_FREE_BYTES
from hemiface_clinic.recordings.runner import Answer, BrokenChildError, RefusedError, run_child

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

_UNKNOWN = _(
    "The video could not be measured, and it is not your fault. It is kept; the clinic can still "
    "look at it. Send another one if you can."
)
_SENTENCES: Mapping[str, "StrPromise"] = {
    "empty": _(
        "The file must be a video; it is empty. Choose another, or copy it again from your phone."
    ),
    "too_big": _(
        "A video may have at most %(megabytes)d MB; this one has more. "
        "Film for a shorter time, or in a lower resolution."
    ),
    "no_room": _(
        "The clinic's computer must have room for a video; it has none now. "
        "Nothing was kept: call the clinic, and send it again later."
    ),
    "not_a_video": _(
        "The file must be a video (MP4, MOV, WebM, MKV or AVI); it is something else, or damaged. "
        "Choose the video as your phone saved it."
    ),
    "too_long": _(
        "A video may last at most %(minutes)d minutes; this one is longer. Send a part of it."
    ),
    "too_many_frames": _(
        "A video may have at most %(frames)d pictures; this one has more. "
        "Film for a shorter time, or not in slow motion."
    ),
    "too_large": _(
        "The picture of a video may have at most 4096 × 2304 pixels; this one is larger. "
        "Film in a lower resolution, such as 1080p."
    ),
    "too_slow": _(
        "A video must be measured within an hour; this one takes longer. Send a part of it."
    ),
    "too_heavy": _(
        "The video needs more memory than it may use. Film for a shorter time, or in a lower "
        "resolution such as 1080p."
    ),
    "no_face": _(
        "The video must show a face from the front; none was found. Hold the phone still at arm's "
        "length, face the window, and film again."
    ),
    "too_little": _(
        "The video must last a second at least and show the face large, with 60 pixels or more "
        "between the outer corners of the eyes; this one does not. Film closer, for a minute."
    ),
    "no_consent": _(
        "A video is measured only while the person in it agrees; they do not, or no longer. "
        "Agree again and send it again, if that is what you want."
    ),
}


class RecordingRefusedError(HemifaceError):
    """A video that is not taken, or cannot be measured; says why in the reader's language.

    Attributes
    ----------
    code : str
        Why, in one word.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return sentence(self.code)


def sentence(code: str) -> str:
    """Return why a video was refused, in a sentence of the reader's language."""
    numbers = {"megabytes": MAX_BYTES // 10**6, "minutes": MAX_S // 60, "frames": MAX_FRAMES}
    return str(_SENTENCES.get(code, _UNKNOWN)) % numbers


def check_size(size: int) -> None:
    """Refuse a file that is empty or too big.

    Raises
    ------
    RecordingRefusedError
        If it is; `size` is in bytes.
    """
    if size == 0:
        raise RecordingRefusedError("empty")
    if size > MAX_BYTES:
        raise RecordingRefusedError("too_big")


def check_room(folder: Path) -> None:
    """Refuse to fill the disk of a folder.

    Raises
    ------
    RecordingRefusedError
        If it is nearly full.
    """
    if shutil.disk_usage(folder).free < MIN_FREE_BYTES:
        raise RecordingRefusedError("no_room")


def check_room_for(size: int) -> None:
    """Refuse a file of `size` bytes where the disk has no room for it: in parts, whole, and plain.

    Raises
    ------
    RecordingRefusedError
        If it has not.
    """
    if shutil.disk_usage(settings.MEDIA_ROOT).free < 3 * size + MIN_FREE_BYTES:
        raise RecordingRefusedError("no_room")


def probe_video(file: Path, folder: Path) -> Answer:
    """Look at a file in a child process and return what it is; its name does not matter.

    Parameters
    ----------
    file : pathlib.Path
        The plain file.
    folder : pathlib.Path
        The child's own folder.

    Returns
    -------
    dict
        `media_type`, `width` and `height` in pixels, `duration_s`, `n_frames`.

    Raises
    ------
    RecordingRefusedError
        If it is not a video that can be taken.
    """
    try:
        return run_child("probe", file, folder)
    except RefusedError as refused:
        raise RecordingRefusedError(refused.code) from refused
    except BrokenChildError as problem:  # looking at it must not break even a child
        raise RecordingRefusedError("not_a_video") from problem
