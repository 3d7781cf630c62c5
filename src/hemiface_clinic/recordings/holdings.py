"""What this app keeps about a patient, on their line of time too, and how it goes."""

from collections.abc import Iterator
from functools import partial

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from hemiface_clinic.jobs.models import Job
from hemiface_clinic.people.models import Patient
from hemiface_clinic.people.personal import Holding, Person, declare
from hemiface_clinic.people.timeline import Entry, on_timeline
from hemiface_clinic.recordings.files import (
    clip_path,
    faceless_path,
    remove_files,
    report_path,
    video_path,
)
from hemiface_clinic.recordings.models import Recording, Review
from hemiface_clinic.recordings.queries import (
    recordings_of_patient,
    recordings_of_person,
    reviews_of_person,
)
from hemiface_clinic.recordings.serving import ENDINGS
from hemiface_clinic.vault.files import read_sealed


def declare_holdings() -> None:
    """Declare the table."""
    declare(
        Holding("recordings", Recording, recordings_of_person, files=_films),
        Holding("reviews of recordings", Review, reviews_of_person),
    )
    on_timeline(_entries)


def forget(instance: Recording, **_signal: object) -> None:
    """Let the files of a deleted recording go, once it is gone for good; its job goes with it."""
    if instance.job_id:
        Job.objects.filter(pk=instance.job_id).delete()
    transaction.on_commit(partial(remove_files, instance.pk))


def _films(person: Person) -> Iterator[tuple[str, Iterator[bytes]]]:
    for recording in recordings_of_person(person):
        for path, ending in (
            (video_path(recording.pk), ENDINGS.get(recording.media_type, "video")),
            (report_path(recording.pk), "html"),
            (clip_path(recording.pk), "clip.mp4"),
            (faceless_path(recording.pk), "drawn.mp4"),
        ):
            if path.exists():
                yield f"recordings/{recording.pk}.{ending}", read_sealed(path)


def _entries(patient: Patient, by_patient: bool) -> Iterator[Entry]:  # noqa: FBT001
    for recording in recordings_of_patient(patient):
        title = _("Video %(task)s: %(state)s") % {
            "task": recording.get_task_display().lower(),
            "state": recording.state.label.lower(),
        }
        yield Entry(
            recording.made_at, "recording", title, reverse("recording", args=[recording.pk])
        )
