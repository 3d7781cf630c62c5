"""Filling a demonstration: through the same actions as everything else, so it is as real."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files import File
from django.utils import timezone, translation

from hemiface.pipeline import simulate_video
from hemiface_clinic.audit.actions import ASKER
from hemiface_clinic.demo.years import FILMED, draw_years, live
from hemiface_clinic.people.actions import add_user, give_consent, give_second_factor
from hemiface_clinic.people.models import Patient, Role, User
from hemiface_clinic.people.purposes import PURPOSES
from hemiface_clinic.questions import actions, codes
from hemiface_clinic.questions.models import Message, Question
from hemiface_clinic.recordings.actions import receive
from hemiface_clinic.tables import read_toml

VIDEO_S, VIDEO_PX = 12.0, 480


@dataclass(frozen=True)
class Account:
    """Somebody who can log in to the demonstration."""

    role: str
    email: str
    password: str
    codes: tuple[str, ...]


def fill(
    data: Path, say: Callable[[str], None] = lambda line: None, *, quick: bool = False
) -> list[Account]:
    """Fill an empty clinic and return the accounts.

    Parameters
    ----------
    data : pathlib.Path
        The data folder; videos are rendered in it and kept encrypted only.
    say : callable, optional
        Told what is being done, in a sentence.
    quick : bool
        Leave out the videos of the two years.
    """
    story = read_toml(Path(__file__).with_name("people.toml"))
    accounts, staff = [], {}
    for one in story["staff"]:
        user, account = _add(one["email"], one["name"], Role(one["role"]))
        staff[user.role] = user
        accounts.append(account)
    for one in story["question"]:
        say(f"{one['name']} asks: {one['subject']}")
        accounts += _tell(one, staff[Role.DOCTOR], data)
        if "years" in one:
            say(f"{one['name']} lives two years: diary, injections, an operation, videos")
            _live(one, staff[Role.DOCTOR], data, () if quick else FILMED)
    return accounts


def _add(email: str, name: str, role: Role) -> tuple[User, Account]:
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    user = add_user(email, name, role, password)
    spare = give_second_factor(user) if user.is_staff else ()
    return user, Account(str(Role(role).label), email, password, tuple(spare))


def _tell(story: Mapping[str, Any], doctor: User, data: Path) -> list[Account]:
    typed = {name: story[name] for name in ("name", "email", "phone", "subject")}
    with translation.override(story.get("language", "en")):
        question, _ = actions.ask(
            {**typed, "question": _unwrapped(story["text"]), "nonce": codes.new_nonce()}
        )
    accounts = _make_patient(question, story, doctor) if story.get("becomes_patient") else []
    if "video" in story:
        _attach(question, data, **story["video"])
    _answer(question, story, doctor)
    return accounts


def _make_patient(question: Question, story: Mapping[str, Any], doctor: User) -> list[Account]:
    patient = actions.make_patient(question, by=doctor)
    if not story.get("account"):
        return []
    user, account = _add(story["email"], story["name"], Role.PATIENT)
    Patient.objects.filter(pk=patient.pk).update(user=user)
    for purpose in PURPOSES[:2]:
        give_consent(patient, purpose, by=user)
    return [account]


def _live(story: Mapping[str, Any], doctor: User, data: Path, filmed: Sequence[int]) -> None:
    patient = Patient.objects.get(user__email=story["email"])
    years = draw_years(story["years"], timezone.localdate())
    live(years, patient, doctor, data, filmed)


def _attach(question: Question, data: Path, *, seed: int, severity: str, side: str) -> None:
    film = data / f"demo-{seed}.mp4"
    simulate_video(
        film, seed=seed, severity=severity, side=side, duration_s=VIDEO_S, fps=30, size=VIDEO_PX
    )
    try:
        with film.open("rb") as file:
            receive(File(file, name=f"{side}-side.mp4"), question=question, by=ASKER)
    finally:
        for leftover in data.glob(f"demo-{seed}*"):
            leftover.unlink()


def _answer(question: Question, story: Mapping[str, Any], doctor: User) -> None:
    for name, kind in (("more", Message.Kind.ASK_MORE), ("answer", Message.Kind.ANSWER)):
        if name in story:
            actions.assign(question, doctor, by=doctor)
            actions.reply(
                question, kind, _unwrapped(story[name]), story.get("pages", ()), by=doctor
            )
    if story.get("closed"):
        actions.set_closed(question, closed=True, by=doctor)


def _unwrapped(text: str) -> str:
    return " ".join(text.split())
