"""Measuring a recording: the work of the job, done outside any transaction."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from hemiface.errors import HemifaceError
from hemiface_clinic.jobs.actions import renew
from hemiface_clinic.jobs.models import Job
from hemiface_clinic.jobs.worker import StopJobError
from hemiface_clinic.recordings.actions import RecordingRefusedError, keep_refusal, keep_result
from hemiface_clinic.recordings.bounds import BOUNDS
from hemiface_clinic.recordings.files import (
    read_chunks,
    read_sealed,
    remove_files,
    report_path,
    video_path,
    write_sealed,
)
from hemiface_clinic.recordings.models import Recording
from hemiface_clinic.recordings.queries import may_be_measured, recording_of
from hemiface_clinic.recordings.runner import RefusedError, run_child, workspace
from hemiface_clinic.recordings.sandbox import REPORT, RESULT
from hemiface_clinic.recordings.summary import summarize


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
        with video.open("xb") as file:
            file.writelines(read_sealed(video_path(recording.pk)))
        tell = partial(_tell, job)
        run_child("measure", video, folder, recording.task, on_progress=tell)
        document = _read(folder / RESULT)
        write_sealed(report_path(recording.pk), read_chunks(folder / REPORT))
    return document


def _tell(job: Job, share: float) -> None:
    if not renew(job, share):  # another worker has it, or the recording was deleted
        raise StopJobError("The job must be ours; it is not any more.")


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
