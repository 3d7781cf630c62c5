"""What every page has: headers, errors that tell nothing, logs that hold nothing of a patient."""

import json
import logging
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from hemiface_clinic.card import SHIPPED, read_card, write_vcard
from hemiface_clinic.questions import actions
from hemiface_clinic.questions.models import Message
from hemiface_clinic.site import views

STRICT = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:",
    "font-src 'self'", "media-src 'self'", "connect-src 'self'", "form-action 'self'",
    "base-uri 'none'", "frame-ancestors 'none'",
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/know/",
        "/ask/",
        "/search/?q=x",
        "/account/login/",
        "/no/",
        "/diary/",
        "/diary/worker.js",
    ],
)
def test_every_answer_is_locked_down(client, path):
    headers = client.get(path).headers
    assert set(headers["Content-Security-Policy"].split("; ")) == STRICT
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.django_db
def test_what_a_person_sees_is_never_stored_by_a_browser(doctor, patient, logged_in):
    for user in (doctor, patient.user):
        answer = logged_in(user).get(reverse("home-of-user"), follow=True)
        assert answer.headers["Cache-Control"] == "no-store"


def test_cookies_and_transport_are_strict_where_there_is_tls():
    program = (
        "import json; from hemiface_clinic import settings as s;"
        "print(json.dumps([s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE,"
        "s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.SECURE_HSTS_SECONDS > 3e7,"
        "s.SECURE_SSL_REDIRECT, s.DEBUG]))"
    )
    environment = {
        **os.environ,
        "HEMIFACE_DATA": str(settings.FOLDER),
        "HEMIFACE_PUBLIC_URL": "https://clinic.example",
    }
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    names = ["__Host-session", "__Host-csrf"]
    assert json.loads(done.stdout) == [*names, True, True, True, True, True, False]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", ""])
def test_a_host_that_is_not_ours_is_refused(client, host, db):
    assert client.get("/", headers={"host": host}).status_code == 400


def test_a_stranger_cannot_say_where_they_come_from(client, db):
    answer = client.get(
        "/", headers={"x-forwarded-host": "evil.example", "x-forwarded-proto": "https"}
    )
    assert answer.status_code == 200
    assert "evil.example" not in answer.content.decode()


def test_a_failure_tells_a_number_and_nothing_else(monkeypatch, db, caplog):
    def breaks(*_):
        raise RuntimeError("secret of the server")

    monkeypatch.setattr(views, "read_pages", breaks)
    answer = Client(raise_request_exception=False).get("/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "secret of the server" not in page
    assert "Traceback" not in page
    number = next(r.args[0] for r in caplog.records if r.name == "hemiface_clinic.site.errors")
    assert number in page


@pytest.mark.django_db
def test_the_log_holds_nothing_of_a_patient(client, typed, doctor, caplog):
    from clinic.test_ask import visit

    caplog.set_level(logging.DEBUG)
    client.post("/ask/", {**typed, **visit(client), "consent": "on"})
    client.post("/ask/", {**typed, **visit(client), "email": "wrong"})
    question = actions.Question.objects.get()
    actions.reply(question, Message.Kind.ANSWER, "canary-answer", by=doctor)
    lines = [r.getMessage() for r in caplog.records if not r.name.startswith("django.db")]
    for secret in (*typed.values(), "canary-answer"):
        assert all(secret not in line for line in lines)


@pytest.mark.parametrize(
    "path", ["/", "/hi/", "/know/surgery/", "/ask/", "/account/login/", "/no/"]
)
def test_the_clinics_card_is_on_every_public_page(client, db, path):
    page = client.get(path).content.decode()
    for words in (
        "Dr. Sai Sudarsan", "Apollo Clinics", "Mahal Residency", "Opposite SAD Hospital",
        'href="tel:+919534200013"', 'href="https://wa.me/919534200013"', "/clinic.vcf",
    ):  # fmt: skip
        assert words in page, words


def test_the_card_can_be_saved_to_contacts():
    card = write_vcard(read_card(SHIPPED))
    assert "BEGIN:VCARD" in card
    assert "TEL:+919534200013" in card
    assert "Mahal Residency" in card


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("+91-9534200013", "9534200013"), "phone: must be a telephone number"),
        (('"en", "hi"', '"en", "xx"'), "languages"),
        (("reply_days = 3", "reply_days = 0"), "reply_days"),
        (("Asia/Kolkata", "Asia/Nowhere"), "timezone: must be a name such as"),
        (('name = "Apollo', 'nome = "Apollo'), "nome"),
        (('country = "IN"', 'country = IN'), "must be TOML"),
    ],
)  # fmt: skip
def test_a_card_that_is_not_right_is_told_in_a_sentence(tmp_path, change, words):
    from hemiface.errors import ConventionError

    path = tmp_path / "clinic.toml"
    path.write_text(SHIPPED.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    with pytest.raises(ConventionError) as told:
        read_card(path)
    assert words in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/ask/", "/account/login/", "/no/such/page/"])
def test_a_body_that_no_form_of_ours_sends_is_refused_unread(client, path):
    answer = client.post(path, b"x" * 1_100_000, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 413
