"""Measuring a recording: the work of the job, done outside any transaction."""

import hashlib
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from hemiface.errors import HemifaceError
from hemiface_clinic.jobs.models import Job
from hemiface_clinic.jobs.worker import StopJobError, tell
from hemiface_clinic.recordings.actions import (
    RecordingRefusedError,
    keep_file,
    keep_refusal,
    keep_result,
)
from hemiface_clinic.recordings.bounds import BOUNDS
from hemiface_clinic.recordings.files import (
    clip_path,
    film_path,
    player_path,
    remove_files,
    report_path,
    signals_path,
    still_path,
    video_path,
)
from hemiface_clinic.recordings.models import Recording
from hemiface_clinic.recordings.queries import may_be_measured, recording_of, upload_of
from hemiface_clinic.recordings.runner import RefusedError, run_child, workspace
from hemiface_clinic.recordings.sandbox import CLIP, FILM, PLAYER, REPORT, RESULT, SIGNALS, STILL
from hemiface_clinic.recordings.summary import summarize
from hemiface_clinic.uploads.models import Upload
from hemiface_clinic.uploads.parts import read_parts
from hemiface_clinic.vault.files import read_chunks, read_sealed, write_sealed

_MADE = {
    REPORT: report_path, SIGNALS: signals_path, PLAYER: player_path, FILM: film_path,
    CLIP: clip_path, STILL: still_path,
}  # fmt: skip


def measure_recording(job: Job) -> Callable[[], None] | None:
    """Measure the recording of a job; return what keeps the result.

    Raises
    ------
    hemiface_clinic.jobs.worker.StopJobError
        If it cannot be measured, or may not be any more; the recording says why.
    """
    recording = recording_of(job)
    if recording is None:
        return None
    if not may_be_measured(recording):
        raise _refuse(recording, "no_consent", job)
    try:
        document = _measure(recording, job)
    except RefusedError as refused:
        raise _refuse(recording, refused.code, job) from refused
    if recording_of(job) is None:  # deleted meanwhile: its report must go as well
        remove_files(recording.pk)
        return None
    return partial(keep_result, recording, document)


def _measure(recording: Recording, job: Job) -> dict[str, Any]:
    with workspace() as folder:
        video = folder / "recording"
        _lay_out(recording, video, folder)
        run_child("measure", video, folder, _asked(recording), on_progress=partial(tell, job))
        document = _read(folder / RESULT)
        for name, path_of in _MADE.items():
            if (folder / name).exists():
                write_sealed(path_of(recording.pk), read_chunks(folder / name))
    return document


def _asked(recording: Recording) -> str:
    """Return what the child is told: nothing of the person."""
    take = recording.take or {}
    return json.dumps({
        "task": recording.task, "tasks": take.get("tasks", []), "mirrored": take.get("mirrored"),
    })  # fmt: skip


def _lay_out(recording: Recording, to: Path, folder: Path) -> None:
    """Write the plain file; one that lies in parts still is put together first."""
    upload = upload_of(recording)
    with to.open("xb") as file:
        if upload is None:
            file.writelines(read_sealed(video_path(recording.pk)))
        else:
            recording.size, recording.sha256 = _join(upload, file)
    if upload is not None:
        recording.media_type = run_child("probe", to, folder)["media_type"]
        write_sealed(video_path(recording.pk), read_chunks(to))
        keep_file(recording, upload)


def _join(upload: Upload, to: BinaryIO) -> tuple[int, str]:
    """Write the parts of a file one after the other; return its size and its SHA-256."""
    digest, size = hashlib.sha256(), 0
    for chunk in read_parts(upload.names):
        digest.update(chunk)
        size += to.write(chunk)
    return size, digest.hexdigest()


def _read(path: Path) -> dict[str, Any]:
    """Read what the child wrote; it read a stranger's file, so it is not simply believed."""
    if path.stat().st_size > BOUNDS["measure"].file_bytes:
        raise HemifaceError("The child's result must be of a sensible size; it is not.")
    document: dict[str, Any] = json.loads(path.read_bytes())
    summarize(document)
    return document


def _refuse(recording: Recording, code: str, job: Job) -> StopJobError:
    keep_refusal(recording, code, job)
    return StopJobError(str(RecordingRefusedError(code)))
