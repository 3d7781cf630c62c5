"""The face of a recording as lines, to be given away: drawn by the queue when somebody asks."""

from collections.abc import Callable
from functools import partial

from django.db import transaction

from hemiface_clinic.audit.actions import SYSTEM, record
from hemiface_clinic.jobs.actions import VIDEO, enqueue
from hemiface_clinic.jobs.models import Job
from hemiface_clinic.jobs.worker import StopJobError, tell
from hemiface_clinic.people.models import User
from hemiface_clinic.recordings.files import faceless_path, remove_files, video_path
from hemiface_clinic.recordings.models import Recording
from hemiface_clinic.recordings.queries import may_be_measured, recording_to_draw
from hemiface_clinic.recordings.runner import RefusedError, run_child, workspace
from hemiface_clinic.recordings.sandbox import FACELESS
from hemiface_clinic.vault.files import read_chunks, read_sealed, write_sealed

KIND = "faceless"


@transaction.atomic
def ask_for_drawing(recording: Recording, *, by: User) -> None:
    """Let the queue draw a recording's face, unless it is drawn or asked for already."""
    recording = Recording.objects.select_for_update().get(pk=recording.pk)
    if is_being_drawn(recording) or faceless_path(recording.pk).exists():
        return
    enqueue(KIND, {"recording": str(recording.pk)}, lane=VIDEO, owner=_owner(recording))
    record("recording.draw", recording, by=by, patient=recording.about)


def is_being_drawn(recording: Recording) -> bool:
    """Whether the queue has it still before it."""
    states = (Job.State.WAITING, Job.State.RUNNING)
    return Job.objects.filter(owner=_owner(recording), state__in=states).exists()


def draw(job: Job) -> Callable[[], None] | None:
    """Draw the face of a job's recording.

    Raises
    ------
    hemiface_clinic.jobs.worker.StopJobError
        If it cannot be drawn, or may not be any more.
    """
    recording = recording_to_draw(job)
    if recording is None or not may_be_measured(recording):
        raise StopJobError("A recording that is drawn must be there and agreed to; it is not.")
    with workspace() as folder:
        video = folder / "recording"
        with video.open("xb") as file:
            file.writelines(read_sealed(video_path(recording.pk)))
        try:
            run_child(KIND, video, folder, on_progress=partial(tell, job))
        except RefusedError as refused:
            raise StopJobError(f"It cannot be drawn: {refused.code}.") from refused
        write_sealed(faceless_path(recording.pk), read_chunks(folder / FACELESS))
    if recording_to_draw(job) is None:  # deleted meanwhile
        remove_files(recording.pk)
        return None
    return partial(_note, recording)


def _note(recording: Recording) -> None:
    record("recording.drawn", recording, by=SYSTEM, patient=recording.about)


def _owner(recording: Recording) -> str:
    return f"{KIND}:{recording.pk}"
