"""Who may see which recording."""

from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from hemiface_clinic.audit.actions import record
from hemiface_clinic.jobs.models import Job
from hemiface_clinic.people.models import Patient, User
from hemiface_clinic.people.personal import Person
from hemiface_clinic.people.queries import has_consented, patients_for
from hemiface_clinic.questions.models import Question
from hemiface_clinic.questions.queries import questions_for, questions_of_person
from hemiface_clinic.recordings.models import Recording, Review
from hemiface_clinic.uploads.models import Upload

PURPOSE = "video"


def uploads_for(user: User) -> QuerySet[Upload]:
    """Return what a user is sending, of patients they may see."""
    return Upload.objects.filter(user=user, patient__in=patients_for(user).values("pk"))


def recordings_for(user: User) -> QuerySet[Recording]:
    """Return the recordings of questions a user may read and of patients they may see."""
    of_questions = Q(question__in=questions_for(user).values("pk"))
    of_patients = Q(patient__in=patients_for(user).values("pk"))
    return _whole().filter(of_questions | of_patients)


def recording_for(user: User, pk: Any) -> Recording:
    """Return one recording a user may see; otherwise the same answer as if there were none."""
    return get_object_or_404(recordings_for(user), pk=pk)


def read_recording(user: User, pk: Any, *, what: str) -> Recording:
    """Return one recording a user may see, and note what of it they looked at."""
    recording = recording_for(user, pk)
    record(f"recording.{what}", recording, by=user, patient=recording.about)
    return recording


def recordings_of_question(question: Question) -> QuerySet[Recording]:
    """Return the recordings sent with a question, the newest first."""
    return _whole().filter(question=question)


def recordings_of_patient(patient: Patient) -> QuerySet[Recording]:
    """Return the recordings of a patient, those sent with their questions too, the newest first."""
    return _whole().filter(Q(patient=patient) | Q(question__patient=patient))


def recordings_of_person(person: Person) -> QuerySet[Recording]:
    """Return the recordings of a person's records and questions."""
    of_questions = Q(question__in=questions_of_person(person))
    return _whole().filter(Q(patient__in=person.patients) | of_questions)


def reviews_of_person(person: Person) -> QuerySet[Review]:
    """Return the reviews of a person's recordings."""
    return Review.objects.filter(recording__in=recordings_of_person(person))


def recording_of(job: Job) -> Recording | None:
    """Return the recording a job measures; None if it was deleted."""
    return _whole().filter(job=job).first()


def recording_to_draw(job: Job) -> Recording | None:
    """Return the recording whose face a job draws; None if it was deleted."""
    return _whole().filter(pk=job.payload["recording"]).first()


def upload_of(recording: Recording) -> Upload | None:
    """Return the upload that holds a recording's file in parts still; None once it has it."""
    return Upload.objects.filter(pk=recording.pk).first()


def may_be_measured(recording: Recording) -> bool:
    """Whether the person in a recording agrees to it now.

    A patient must have agreed. Who asked a question agreed when they asked; if they became a
    patient, they may have taken it back since.
    """
    if recording.patient is not None:
        return has_consented(recording.patient, PURPOSE)
    patient = recording.question.patient if recording.question else None
    if patient is None or has_consented(patient, PURPOSE):
        return True
    return not patient.consents.filter(purpose=PURPOSE).exists()


def _whole() -> QuerySet[Recording]:
    return Recording.objects.select_related("job", "question__patient", "patient")
