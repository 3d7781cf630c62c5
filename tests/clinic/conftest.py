"""What the tests of the site share: people, questions, and a browser's session for each."""

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone, translation

from hemiface_clinic.jobs import worker
from hemiface_clinic.jobs.actions import QUICK, claim
from hemiface_clinic.people.actions import add_patient, add_user, give_second_factor
from hemiface_clinic.people.models import Patient, Role, User
from hemiface_clinic.questions import codes
from hemiface_clinic.questions.actions import ask
from hemiface_clinic.questions.models import Question
from hemiface_clinic.recordings.files import report_path, video_path
from hemiface_clinic.recordings.models import Recording
from hemiface_clinic.site.public import forget_public_pages
from hemiface_clinic.vault.files import write_sealed

PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def _fresh(request, tmp_path):
    """No page remembered, English, and an anchor of the audit of this test's database."""
    forget_public_pages()
    translation.activate("en")  # a page in Hindi leaves its language behind
    (settings.CONFIGURATION.data / "audit.anchor").unlink(missing_ok=True)


def post_letters() -> None:
    """Post what waits, as the worker does."""
    while (job := claim(QUICK)) is not None:
        worker.run(job)


@pytest.fixture
def person(db):
    """Make somebody who can log in; staff with a second factor."""

    def make(role: Role, name: str = "") -> User:
        name = name or role.value
        user = add_user(f"{name}@clinic.example", name.title(), role, PASSWORD)
        if user.is_staff:
            give_second_factor(user)
        return user

    return make


@pytest.fixture
def doctor(person) -> User:
    return person(Role.DOCTOR)


@pytest.fixture
def nurse(person) -> User:
    return person(Role.NURSE)


@pytest.fixture
def administrator(person) -> User:
    return person(Role.ADMINISTRATOR)


@pytest.fixture
def patient(doctor, person) -> Patient:
    """A patient of the doctor, with an account."""
    made = add_patient("Asha Rao", "asha@home.example", "+919534200013", by=doctor)
    made.user = person(Role.PATIENT, "asha")
    made.save()
    return made


@pytest.fixture
def logged_in():
    """A browser in which a user has logged in."""

    def log_in(user: User) -> Client:
        client = Client()
        client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        return client

    return log_in


@pytest.fixture
def typed() -> dict[str, str]:
    """What somebody types who asks a question."""
    return {
        "name": "Ravi Kumar",
        "email": "ravi@home.example",
        "phone": "+919876543210",
        "subject": "Twitch under the left eye",
        "question": "My left eye has been twitching for three months. What can I do?",
    }


@pytest.fixture
def question(db, typed) -> Question:
    return ask({**typed, "nonce": codes.new_nonce()})[0]


def measured_recording(question: Question) -> Recording:
    """A recording that was measured, with a video and a report of a few bytes."""
    recording = Recording.objects.create(
        question=question,
        patient=question.patient,
        filename="film.mp4",
        size=4,
        sha256="0" * 64,
        media_type="video/mp4",
        measured_at=timezone.now(),
        result={
            "affected_side": "left",
            "measures": [{"name": "spasm_rate", "side": "left", "value": 12.0}],
            "quality": {"observed_s": 60.0, "warnings": []},
            "spasms": [],
        },
    )
    write_sealed(video_path(recording.pk), [b"film"])
    write_sealed(report_path(recording.pk), [b"<!doctype html>"])
    return recording
