"""People: invitation, second factor, sessions, emergency access, export and erasure."""

import io
import json
import threading
import time
import zipfile
from pathlib import Path

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.apps import apps
from django.conf import settings
from django.core import mail
from django.db import connection, models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.conftest import PASSWORD, measured_recording, post_letters
from hemiface_clinic.audit.models import Event
from hemiface_clinic.people import actions
from hemiface_clinic.people.models import EmergencyAccess, Invitation, Patient, Role, User
from hemiface_clinic.people.personal import HOLDINGS, everything_about, person_of
from hemiface_clinic.people.purposes import PURPOSES
from hemiface_clinic.people.queries import has_consented
from hemiface_clinic.questions import actions as questions
from hemiface_clinic.questions.models import Message

LOGIN = {"login": "doctor@clinic.example", "password": PASSWORD}


def log_in(client: Client, email: str, password: str = PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_staff_need_a_second_factor_to_log_in(doctor, client):
    assert log_in(client, doctor.email).url == reverse("mfa_authenticate")
    assert client.get(reverse("inbox")).status_code == 302
    code = RecoveryCodes(Authenticator.objects.get(user=doctor, type="recovery_codes"))
    one = code.get_unused_codes()[0]
    assert client.post(reverse("mfa_authenticate"), {"code": one}).status_code == 302
    assert client.get(reverse("inbox")).status_code == 200


def test_a_code_of_the_second_factor_works_once(doctor):
    factor = Authenticator.objects.get(user=doctor, type="recovery_codes")
    one = RecoveryCodes(factor).get_unused_codes()[0]
    for expected in (302, 200):
        browser = Client()
        log_in(browser, doctor.email)
        assert browser.post(reverse("mfa_authenticate"), {"code": one}).status_code == expected


@pytest.mark.django_db(transaction=True)
def test_a_code_of_the_authenticator_posted_four_times_at_once_lets_one_in(doctor):
    factor = Authenticator.objects.get(user=doctor, type="totp").wrap()
    secret = get_adapter().decrypt(factor.instance.data["secret"])
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    browsers = [Client() for _ in range(4)]
    for browser in browsers:
        log_in(browser, doctor.email)
    let_in = []

    def post(browser):
        answer = browser.post(reverse("mfa_authenticate"), {"code": code})
        let_in.append(answer.status_code == 302)
        connection.close()

    threads = [threading.Thread(target=post, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(let_in) == 1


def test_staff_without_a_second_factor_reach_nothing_but_its_set_up(db, logged_in):
    user = actions.add_user("new@clinic.example", "New", Role.DOCTOR, PASSWORD)
    browser = logged_in(user)
    for name in ("inbox", "patients", "templates", "home-of-user"):
        assert browser.get(reverse(name)).url == reverse("mfa_index")
    assert browser.get(reverse("mfa_index")).status_code == 200
    assert browser.get("/api/counts").status_code == 401


def test_a_reset_password_does_not_go_round_the_second_factor(doctor, client):
    client.post(reverse("account_reset_password"), {"email": doctor.email})
    post_letters()
    letter = mail.outbox[-1]
    assert letter.subject == "Choose a new password"
    link = next(x for x in letter.body.split() if "/password/reset/key/" in x)
    assert link.startswith(settings.PUBLIC_URL)
    page = client.get("/" + link.split("/", 3)[3], follow=True)
    form = {"password1": "another long password", "password2": "another long password"}
    client.post(page.redirect_chain[-1][0], form)
    assert client.get(reverse("inbox")).status_code == 302
    assert log_in(client, doctor.email, "another long password").url == reverse("mfa_authenticate")


def test_a_wrong_password_and_an_unknown_address_look_the_same(doctor):
    pages = []
    for email in (doctor.email, "nobody@clinic.example"):
        page = log_in(Client(), email, "wrong wrong wrong").content.decode()
        pages.append(page.replace(email, "").split("<main")[1].split("csrfmiddlewaretoken")[0])
    assert pages[0] == pages[1]


def test_guessing_is_limited(doctor, client):
    texts = [log_in(client, doctor.email, f"wrong {n}").content.decode() for n in range(12)]
    assert "Too many failed" in texts[-1]
    assert "Too many failed" in log_in(client, doctor.email).content.decode()


@pytest.mark.parametrize(
    ("password", "is_taken"),
    [
        ("short", False),
        ("password1234", False),
        ("a" * 12 + "b", True),
        ("pass phrase with spaces", True),
        ("x" * 60 + "é漢字" * 10, True),
    ],
)
def test_passwords(db, client, password, is_taken, administrator):
    invitation = actions.invite("n@clinic.example", "N", Role.NURSE, by=administrator)
    from hemiface_clinic.people.tokens import hash_token

    Invitation.objects.filter(pk=invitation.pk).update(token_hash=hash_token("token"))
    url = reverse("accept-invitation", args=["token"])
    answer = client.post(url, {"name": "N", "password": password})
    assert answer.status_code == (302 if is_taken else 422)
    assert User.objects.filter(email="n@clinic.example").exists() == is_taken
    if is_taken:
        assert log_in(client, "n@clinic.example", password).status_code == 302


@pytest.mark.parametrize(("role", "idle_s"), [(Role.DOCTOR, 900), (Role.PATIENT, 3600)])
def test_an_idle_session_ends(person, logged_in, role, idle_s, monkeypatch):
    browser = logged_in(person(role))
    browser.get(reverse("account_change_password"))
    now = time.time()
    monkeypatch.setattr("hemiface_clinic.people.sessions.time.time", lambda: now + idle_s - 60)
    assert browser.get(reverse("account_change_password")).status_code == 200
    monkeypatch.setattr("hemiface_clinic.people.sessions.time.time", lambda: now + 2 * idle_s)
    assert browser.get(reverse("account_change_password")).status_code == 302


def test_no_session_lives_longer_than_twelve_hours(doctor, logged_in, monkeypatch):
    browser, now = logged_in(doctor), time.time()
    for hour in range(0, 12 * 6):
        monkeypatch.setattr(
            "hemiface_clinic.people.sessions.time.time", lambda h=hour: now + h * 600
        )
        assert browser.get(reverse("inbox")).status_code == 200
    monkeypatch.setattr("hemiface_clinic.people.sessions.time.time", lambda: now + 12 * 3600 + 60)
    assert browser.get(reverse("inbox")).status_code == 302


def test_an_old_cookie_is_worth_nothing_after_log_out_or_closing(doctor, administrator, logged_in):
    browser = logged_in(doctor)
    cookie = browser.cookies["session"].value
    browser.post(reverse("account_logout"))
    browser.cookies["session"] = cookie
    assert browser.get(reverse("inbox")).status_code == 302
    second = logged_in(doctor)
    actions.set_active(doctor, active=False, by=administrator)
    assert second.get(reverse("inbox")).status_code == 302


def test_emergency_access_needs_a_reason_is_told_and_ends(
    patient, person, administrator, logged_in
):
    stranger = person(Role.DOCTOR, "stranger")
    browser, url = logged_in(stranger), reverse("patient", args=[patient.pk])
    assert browser.get(url).status_code == 404
    glass = reverse("patient-emergency", args=[patient.pk])
    assert patient.name not in browser.get(glass).content.decode()
    assert browser.post(glass, {"reason": "short"}).status_code == 422
    assert browser.post(glass, {"reason": "She came unconscious to our door."}).status_code == 302
    assert patient.name in browser.get(url).content.decode()
    post_letters()
    assert [letter.to for letter in mail.outbox] == [[administrator.email]]
    assert patient.name not in mail.outbox[0].body
    EmergencyAccess.objects.update(until="2020-01-01T00:00Z")
    assert browser.get(url).status_code == 404


def test_consent_is_withdrawn_as_easily_as_given(patient, logged_in):
    browser, url = logged_in(patient.user), reverse("consent", args=["video"])
    assert not has_consented(patient, "video")
    browser.post(url, {"give": ""})
    assert has_consented(patient, "video")
    browser.post(url, {"withdraw": ""})
    assert not has_consented(patient, "video")
    assert patient.consents.count() == 1, "what was agreed, and until when, is kept"
    assert {purpose.name for purpose in PURPOSES} == {"care", "video", "research"}


@pytest.fixture
def known(patient, doctor, typed):
    """A patient about whom there is something in every table."""
    question, _ = questions.ask({**typed, "nonce": "canary"}, by=patient.user)
    questions.add_to_question(question, "canary-addition")
    questions.reply(question, Message.Kind.NOTE, "canary-note", by=doctor)
    questions.reply(question, Message.Kind.ANSWER, "canary-answer", by=doctor)
    questions.keep_draft(question, "canary-draft", by=doctor)
    actions.give_consent(patient, PURPOSES[0], by=patient.user)
    actions.break_glass(patient, "canary-reason", by=doctor)
    actions.invite(patient.email, "canary-invited", Role.PATIENT, by=doctor, patient=patient)
    return patient


def reauthenticated(client: Client) -> Client:
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def test_every_table_that_leads_to_a_person_is_declared():
    declared = {holding.model for holding in HOLDINGS}
    people = {Patient, User, *declared} - {Event}
    for model in apps.get_models():
        leads = [
            field.name
            for field in model._meta.fields
            if isinstance(field, models.ForeignKey | models.OneToOneField)
            and field.related_model in people
        ]
        allowed = model._meta.label in {"questions.AnswerTemplate", "questions.UsedCode"}
        assert not leads or model in declared or allowed, f"{model._meta.label}: {leads}"


def test_everything_about_me_is_handed_over(known, logged_in):
    browser = logged_in(known.user)
    recording = measured_recording(known.questions.get())
    answer = reauthenticated(browser).get(reverse("export"))
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert archive.read(f"recordings/{recording.pk}.mp4") == b"film"
    told = json.dumps(json.loads(archive.read("everything.json")))
    for canary in ("addition", "note", "answer", "draft", "reason", "invited"):
        assert f"canary-{canary}" in told
    assert known.name in told
    assert known.phone in told
    for secret in ("scrypt", "md5$", "token_hash", "session_key"):
        assert secret not in told


def test_handing_over_and_erasing_ask_for_the_password_again(known, client):
    log_in(client, known.user.email)
    session = client.session
    session["account_authentication_methods"] = [
        {**m, "at": time.time() - 3600} for m in session["account_authentication_methods"]
    ]
    session.save()
    for name in ("export", "erase"):
        assert reverse("account_reauthenticate") in client.get(reverse(name)).url


@pytest.mark.django_db(transaction=True)
def test_what_was_erased_is_nowhere_and_the_receipt_is_true(known, logged_in, doctor):
    pk, email, name = known.pk, known.user.email, known.name
    found = {key: len(rows) for key, rows in everything_about(person_of(known)).items()}
    browser = reauthenticated(logged_in(known.user))
    page = browser.post(reverse("erase"), {"sure": "yes"})
    lines = {line.name: line for line in page.context["lines"]}
    for key, n in found.items():
        assert lines[key].found >= n, key
        assert (lines[key].left == 0) == (key != "audit"), key
    assert not Patient.objects.filter(pk=pk).exists()
    assert not User.objects.filter(email=email).exists()
    assert Event.objects.filter(action="patient.erase").exists()
    assert browser.get(reverse("home-of-user")).status_code == 302
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("VACUUM")
        raw = Path(connection.settings_dict["NAME"]).read_bytes()
        assert email.encode() not in raw
        assert name.encode() not in raw


def test_one_time_line_shows_everything(known, logged_in, doctor):
    page = logged_in(doctor).get(reverse("patient", args=[known.pk])).content.decode()
    assert "Asked: Twitch under the left eye" in page
    assert page.count("<li class=") >= 3


def test_reading_and_writing_a_patients_data_is_in_the_audit(known, doctor, logged_in):
    logged_in(doctor).get(reverse("patient", args=[known.pk]))
    event = Event.objects.get(action="patient.read")
    assert (event.actor, event.patient) == (f"user:{doctor.pk}", str(known.pk))
    text = json.dumps(list(Event.objects.values()), default=str)
    for canary in (known.name, known.email, known.phone, "canary-note", "canary-reason"):
        assert canary not in text


def test_an_administrator_invites_and_closes_but_reads_no_patient(
    administrator, doctor, known, logged_in
):
    browser = reauthenticated(logged_in(administrator))
    words = {"email": "n@clinic.example", "name": "N", "role": "nurse"}
    assert browser.post(reverse("people"), words).status_code == 302
    assert Invitation.objects.filter(role="nurse").count() == 1
    browser.post(reverse("person-active", args=[doctor.pk]), {"close": ""})
    assert not User.objects.get(pk=doctor.pk).is_active
    assert browser.get(reverse("patient", args=[known.pk])).status_code == 404
    assert browser.get(reverse("audit")).status_code == 200


def test_a_log_in_is_in_the_audit(patient, client):
    log_in(client, patient.user.email)
    assert Event.objects.filter(action="login.done", actor=f"user:{patient.user.pk}").exists()


def test_what_was_asked_before_from_the_same_proven_address_is_erased_too(
    patient, typed, person, logged_in
):
    other = person(Role.DOCTOR, "other")
    User.objects.filter(pk=patient.user.pk).update(email=patient.email)
    for n in range(2):
        words = {**typed, "email": patient.email, "question": f"Earlier question {n}."}
        question, _ = questions.ask({**words, "nonce": f"n{n}"})
    questions.make_patient(question, by=other)
    assert Patient.objects.count() == 2
    reauthenticated(logged_in(User.objects.get(pk=patient.user.pk))).post(
        reverse("erase"), {"sure": "yes"}
    )
    assert not Patient.objects.exists()
    assert not questions.Question.objects.exists()


def test_nobody_without_an_account_is_written_to(client, db):
    page = client.post(reverse("account_reset_password"), {"email": "nobody@x.example"})
    post_letters()
    assert page.status_code == 302
    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_setting_up_a_second_factor_ends_what_was_opened_without_it(person, client):
    nurse = person(Role.NURSE)
    Authenticator.objects.filter(user=nurse).delete()
    stolen, own = Client(), client
    for browser in (stolen, own):
        log_in(browser, nurse.email)
        assert browser.get(reverse("mfa_index")).status_code == 200
    page = reauthenticated(own).get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    counter = next(yield_hotp_counters_from_time())
    code = format_hotp_value(hotp_value(secret, counter))
    assert own.post(reverse("mfa_activate_totp"), {"code": code}).status_code == 302
    assert own.get(reverse("inbox")).status_code == 200
    assert reverse("account_login") in stolen.get(reverse("inbox")).url
    post_letters()
    assert mail.outbox[-1].subject == "What you log in with was changed"
    assert settings.PUBLIC_URL in mail.outbox[-1].body


def test_a_page_that_looks_by_itself_does_not_keep_a_session_awake(
    doctor, patient, logged_in, monkeypatch
):
    recording = measured_recording(patient.questions.create(heard_at=timezone.now()))
    browser, now = logged_in(doctor), time.time()
    browser.get(reverse("inbox"))
    for minute in (5, 10, 14):
        monkeypatch.setattr(
            "hemiface_clinic.people.sessions.time.time", lambda m=minute: now + 60 * m
        )
        part = browser.get(
            reverse("recording", args=[recording.pk]), headers={"HX-Request": "true"}
        )
        assert part.status_code == 200
    monkeypatch.setattr("hemiface_clinic.people.sessions.time.time", lambda: now + 60 * 16)
    assert browser.get(reverse("inbox")).status_code == 302


def test_an_invitation_is_taken_back(administrator, logged_in):
    browser = reauthenticated(logged_in(administrator))
    browser.post(reverse("people"), {"email": "n@clinic.example", "name": "N", "role": "nurse"})
    post_letters()
    link = link_in(mail.outbox[-1])
    assert Client().get(link).status_code == 200
    invitation = Invitation.objects.get()
    assert "n@clinic.example" in browser.get(reverse("people")).content.decode()
    browser.post(reverse("invitation-take-back", args=[invitation.pk]))
    assert Client().get(link).status_code == 410
    assert "n@clinic.example" not in browser.get(reverse("people")).content.decode()


def test_nobody_is_invited_twice(administrator, doctor, logged_in):
    browser = reauthenticated(logged_in(administrator))
    words = {"email": doctor.email.upper(), "name": "N", "role": "nurse"}
    assert browser.post(reverse("people"), words).status_code == 422
    assert not Invitation.objects.exists()


def test_a_patient_is_invited_again_and_the_older_link_opens_nothing(doctor, logged_in):
    patient = actions.add_patient("Ben", "ben@home.example", "+919000000000", by=doctor)
    browser = logged_in(doctor)
    for _ in range(2):
        browser.post(reverse("patient-invite", args=[patient.pk]))
    post_letters()
    old, new = (link_in(letter) for letter in mail.outbox)
    assert Client().get(old).status_code == 410
    words = {"name": "Ben", "password": PASSWORD}
    assert Client().post(new, words).status_code == 302
    assert Patient.objects.get(pk=patient.pk).user.email == "ben@home.example"
    browser.post(reverse("patient-invite", args=[patient.pk]))
    assert Invitation.objects.filter(used_at=None, expires_at__gt=timezone.now()).count() == 0


def test_a_patient_of_two_doctors_finds_both_in_one_account(patient, typed, person, logged_in):
    User.objects.filter(pk=patient.user.pk).update(email=patient.email)
    other = person(Role.DOCTOR, "other")
    question, _ = questions.ask({**typed, "email": patient.email, "nonce": "n"})
    questions.make_patient(question, by=other)
    assert not Invitation.objects.exists()
    browser = logged_in(User.objects.get(pk=patient.user.pk))
    assert browser.get(reverse("follow", args=[question.reference])).status_code == 200
    assert logged_in(other).get(reverse("patient", args=[patient.pk])).status_code == 404


def link_in(letter) -> str:
    link = next(word for word in letter.body.split() if word.startswith(settings.PUBLIC_URL))
    return link.removeprefix(settings.PUBLIC_URL)
