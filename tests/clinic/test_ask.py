"""Asking: every fault is named at its field, none more; nothing is lost; a code works once."""

import io
import itertools
import threading
import time
import wave

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from PIL import Image

from clinic.conftest import post_letters
from hemiface_clinic.limits.actions import ASK
from hemiface_clinic.questions import codes
from hemiface_clinic.questions.models import Question, StatusLink, UsedCode

ASK_URL = "/ask/"
BAD = {
    "name": "",
    "email": "not an address",
    "phone": "12",
    "subject": "   ",
    "question": "",
    "code": "",
}


def visit(client: Client) -> dict[str, str]:
    """Open the form; return its nonce and the digits a person would read."""
    form = client.get(ASK_URL).context["form"]
    nonce = form["nonce"].value()
    return {"nonce": nonce, "code": codes.digits_of(nonce, client.cookies["csrf"].value)}


@pytest.fixture
def filled(client, db, typed):
    """A form that was filled in as it should be."""
    return {**typed, **visit(client), "consent": "on"}


def test_a_good_question_is_stored_and_the_asker_sees_its_reference(client, filled):
    answer = client.post(ASK_URL, filled, follow=True)
    question = Question.objects.get()
    assert question.text == filled["question"]
    assert question.state == Question.State.NEW
    assert question.reference in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("bad", [s for n in range(1, 7) for s in itertools.combinations(BAD, n)])
def test_each_bad_field_is_named_and_none_more(client, typed, bad):
    good = {**typed, **visit(client), "consent": "on"}
    answer = client.post(ASK_URL, {**good, **{name: BAD[name] for name in bad}})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == set(bad)
    page = answer.content.decode()
    assert "<title>Error: " in page
    for name in BAD:
        assert (f'href="#id_{name}"' in page) == (name in bad)
        assert (f'id="id_{name}_error"' in page) == (name in bad)
    for name in set(typed) - set(bad):
        kept = typed[name].replace("'", "&#x27;")
        assert kept in page, f"{name} was lost"
    assert not Question.objects.exists()


def test_consent_is_asked_for(client, filled):
    del filled["consent"]
    answer = client.post(ASK_URL, filled)
    assert set(answer.context["form"].errors) == {"consent"}


def test_a_right_code_is_kept_while_another_field_is_mended(client, filled):
    answer = client.post(ASK_URL, {**filled, "email": "nobody"})
    assert answer.context["form"]["nonce"].value() == filled["nonce"]
    assert client.post(ASK_URL, filled).status_code == 302


def test_a_wrong_code_is_used_up(client, filled):
    wrong = {**filled, "code": "1" if filled["code"][0] != "1" else "2"}
    answer = client.post(ASK_URL, wrong)
    assert answer.context["form"]["nonce"].value() != filled["nonce"]
    answer = client.post(ASK_URL, filled)
    assert answer.status_code == 422
    assert "used before" in answer.content.decode()
    assert not Question.objects.exists()


def test_a_code_is_too_old_after_ten_minutes(client, filled, monkeypatch):
    now = time.time()
    monkeypatch.setattr(codes.time, "time", lambda: now + codes.GOOD_FOR_S + 2)
    answer = client.post(ASK_URL, filled)
    assert "too old" in answer.content.decode()
    assert filled["question"] in answer.content.decode()


def test_a_code_is_for_one_browser(filled):
    other = Client()
    visit(other)
    assert other.post(ASK_URL, filled).status_code == 422
    assert not Question.objects.exists()


def test_a_nonce_of_somebody_else_is_refused(client, filled):
    answer = client.post(
        ASK_URL, {**filled, "nonce": f"{int(time.time()):x}-aaaaaaaa-bbbbbbbbbbbb"}
    )
    assert set(answer.context["form"].errors) == {"code"}


@pytest.mark.parametrize("nonce", ["", "x", "a-b-c", "é" * 20, "z" * 500, "-1-2-3"])
def test_an_odd_nonce_is_a_code_that_is_too_old(client, filled, nonce):
    assert set(client.post(ASK_URL, {**filled, "nonce": nonce}).context["form"].errors) == {"code"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same_words", [True, False])
def test_one_code_posted_six_times_at_once_brings_one_question(client, typed, same_words):
    filled = {**typed, **visit(client), "consent": "on"}
    statuses = []

    def post(n):
        browser = Client()
        browser.cookies.update(client.cookies)
        words = filled if same_words else {**filled, "question": f"Question number {n} of six."}
        statuses.append(browser.post(ASK_URL, words).status_code)
        connection.close()

    threads = [threading.Thread(target=post, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Question.objects.count() == 1
    assert sorted(statuses) == ([302] * 6 if same_words else [302] + [422] * 5)


def test_a_program_that_fills_the_hidden_field_stores_nothing(client, filled):
    assert client.post(ASK_URL, {**filled, "website": "http://spam.example"}).status_code == 302
    assert not Question.objects.exists()


def test_too_many_from_one_address_are_told_to_wait_and_keep_their_words(client, typed, db):
    for n in range(ASK.times):
        assert (
            client.post(ASK_URL, {**typed, **visit(client), "consent": "on"}).status_code == 302
        ), n
    answer = client.post(ASK_URL, {**typed, **visit(client), "consent": "on"})
    assert answer.status_code == 429
    assert typed["question"] in answer.content.decode()


def test_a_new_code_keeps_what_was_typed(client, filled):
    answer = client.post(reverse("new-code"), filled)
    page = answer.content.decode()
    assert filled["question"] in page
    assert answer.context["form"]["nonce"].value() != filled["nonce"]


def test_a_page_that_was_open_too_long_keeps_what_was_typed(filled):
    stale = Client(enforce_csrf_checks=True)
    answer = stale.post(ASK_URL, filled)
    assert answer.status_code == 422
    assert filled["question"] in answer.content.decode()
    assert not Question.objects.exists()


def test_the_code_can_be_seen_and_heard(client, db):
    nonce = visit(client)["nonce"]
    picture = client.get(reverse("code-image", args=[nonce]))
    assert Image.open(io.BytesIO(picture.content)).size == (220, 80)
    with wave.open(io.BytesIO(client.get(reverse("code-sound", args=[nonce])).content)) as sound:
        assert 3 < sound.getnframes() / sound.getframerate() < 30
    assert client.get(reverse("code-image", args=["nonsense"])).status_code == 404


@pytest.mark.parametrize("typed_code", ["{0} ", " {0}", "{1}"])
def test_digits_of_any_script_and_spaces_are_understood(client, filled, typed_code):
    devanagari = filled["code"].translate({48 + n: 0x966 + n for n in range(10)})
    filled["code"] = typed_code.format(" ".join(filled["code"]), devanagari)
    assert client.post(ASK_URL, filled).status_code == 302


@pytest.mark.parametrize("field", ["name", "subject"])
@pytest.mark.parametrize("bad", ["\r\nBcc: all@x.org", "\u202eevil", "a\x1bb"])
def test_nothing_hidden_gets_into_a_line(client, filled, field, bad):
    client.post(ASK_URL, {**filled, field: f"Ravi{bad}"})
    value = getattr(Question.objects.get(), field)
    assert value == " ".join(value.split())
    assert value.isprintable()


def test_a_nul_byte_is_a_fault_of_its_field(client, filled):
    assert set(client.post(ASK_URL, {**filled, "name": "a\0b"}).context["form"].errors) == {"name"}


def test_red_flags_raise_a_question_and_decide_nothing(client, filled):
    client.post(ASK_URL, {**filled, "question": "Suddenly my face droops and my arm is weak."})
    question = Question.objects.get()
    assert question.is_urgent
    assert question.state == Question.State.NEW


def test_the_letter_carries_a_link_and_no_content(client, filled):
    client.post(ASK_URL, filled)
    post_letters()
    (letter,) = mail.outbox
    assert letter.to == [filled["email"]]
    words = f"{letter.subject}\n{letter.body}"
    for name in ("name", "phone", "subject", "question"):
        assert filled[name] not in words
    assert "/question/open/" in words


def test_the_status_link_opens_once(client, filled):
    client.post(ASK_URL, filled)
    post_letters()
    link = next(line for line in mail.outbox[0].body.splitlines() if "/question/open/" in line)
    path = "/" + link.split("/", 3)[3]
    other = Client()
    assert other.get(path).status_code == 200
    assert StatusLink.objects.get().used_at is None, "looking at a link does not use it"
    assert filled["question"] in other.post(path, follow=True).content.decode()
    assert Client().post(path).status_code == 410


def test_an_old_or_revoked_link_does_not_open(client, filled, doctor):
    from hemiface_clinic.questions.actions import make_link, revoke_links

    client.post(ASK_URL, filled)
    question = Question.objects.get()
    token = make_link(question)
    StatusLink.objects.update(expires_at="2020-01-01T00:00Z")
    assert Client().post(reverse("open-link", args=[token])).status_code == 410
    token = make_link(question)
    revoke_links(question, by=doctor)
    assert Client().post(reverse("open-link", args=[token])).status_code == 410
    assert client.get(reverse("follow", args=[question.reference])).status_code == 404


def test_a_new_link_is_sent_only_to_the_address_that_asked(client, filled):
    client.post(ASK_URL, filled)
    post_letters()
    reference = Question.objects.get().reference
    pages = []
    for email in (filled["email"], "thief@x.example"):
        pages.append(client.post(reverse("new-link"), {"reference": reference, "email": email}))
    post_letters()
    assert pages[0].content == pages[1].content
    assert [letter.to for letter in mail.outbox] == [[filled["email"]]] * 2


def test_the_asker_adds_what_was_forgotten(client, filled):
    client.post(ASK_URL, filled)
    question = Question.objects.get()
    url = reverse("follow", args=[question.reference])
    assert client.post(url, {"text": ""}).status_code == 422
    page = client.post(url, {"text": "It began after a cold."}, follow=True).content.decode()
    assert "It began after a cold." in page


def test_a_question_of_somebody_else_is_not_there(client, filled):
    client.post(ASK_URL, filled)
    reference = Question.objects.get().reference
    assert Client().get(reverse("follow", args=[reference])).status_code == 404
    assert Client().get(reverse("sent", args=[reference])).status_code == 404


def test_the_form_works_in_hindi(client, typed, db):
    form = client.get("/hi/ask/").context["form"]
    nonce = form["nonce"].value()
    filled = {
        **typed,
        "nonce": nonce,
        "code": codes.digits_of(nonce, client.cookies["csrf"].value),
        "consent": "on",
    }
    assert client.post("/hi/ask/", filled).status_code == 302
    assert Question.objects.get().language == "hi"


def test_opening_the_form_stores_nothing(client, db):
    visit(client)
    assert not UsedCode.objects.exists()


def test_a_patient_who_logged_in_needs_no_code_and_finds_what_we_know(patient, logged_in, typed):
    browser = logged_in(patient.user)
    form = browser.get(ASK_URL).context["form"]
    assert "code" not in form.fields
    assert form["email"].value() == patient.email
    filled = {**typed, "consent": "on", "nonce": form["nonce"].value()}
    assert browser.post(ASK_URL, filled).status_code == 302
    question = Question.objects.get()
    assert question.patient == patient
    page = browser.get(reverse("home-of-user")).content.decode()
    assert reverse("follow", args=[question.reference]) in page
    assert browser.get(reverse("follow", args=[question.reference])).status_code == 200


def test_a_patient_who_sends_the_same_page_again_loses_nothing(patient, logged_in, typed):
    browser = logged_in(patient.user)
    nonce = browser.get(ASK_URL).context["form"]["nonce"].value()
    filled = {**typed, "consent": "on", "nonce": nonce}
    assert browser.post(ASK_URL, filled).status_code == 302
    answer = browser.post(ASK_URL, {**filled, "question": "Another question of mine."})
    assert answer.status_code == 422
    assert "Another question of mine." in answer.content.decode()
    for odd in ("", "x" * 50):
        assert browser.post(ASK_URL, {**filled, "nonce": odd}).status_code == 422


def test_the_asker_leaves(client, filled):
    client.post(ASK_URL, filled)
    page = reverse("follow", args=[Question.objects.get().reference])
    assert reverse("leave") in client.get(page).content.decode()
    assert client.post(reverse("leave")).status_code == 302
    assert client.get(page).status_code == 404


def test_what_a_link_opened_closes_after_an_hour_of_nothing(client, filled, monkeypatch):
    client.post(ASK_URL, filled)
    page, now = reverse("follow", args=[Question.objects.get().reference]), time.time()
    for minute, status in ((0, 200), (50, 200), (100, 200), (161, 404)):
        monkeypatch.setattr(
            "hemiface_clinic.people.sessions.time.time", lambda m=minute: now + 60 * m
        )
        assert client.get(page).status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/search/?q=%00", "/know/%00/", "/people/audit/?action=a%00b"])
def test_a_nul_byte_in_an_address_is_refused(client, path):
    assert client.get(path).status_code == 400
