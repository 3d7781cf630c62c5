"""The inbox: who sees what, counts that are right, replies, drafts, templates."""

import pytest
from django.core import mail
from django.urls import reverse

from clinic.conftest import post_letters
from hemiface_clinic.people.models import Patient, Role
from hemiface_clinic.questions import actions, codes, queries
from hemiface_clinic.questions.models import Draft, Message, Question


@pytest.fixture
def ask(db, typed):
    def store(**changes) -> Question:
        return actions.ask({**typed, **changes, "nonce": codes.new_nonce()})[0]

    return store


def test_unread_is_counted_for_each_reader_and_comes_back_with_the_askers_word(
    ask, doctor, person, logged_in
):
    other = person(Role.DOCTOR, "other")
    question = ask()
    assert queries.counts(doctor)["unread"] == queries.counts(other)["unread"] == 1
    logged_in(doctor).get(reverse("question", args=[question.pk]))
    assert queries.counts(doctor)["unread"] == 0
    assert queries.counts(other)["unread"] == 1
    actions.add_to_question(question, "One more thing.")
    assert queries.counts(doctor)["unread"] == 1


def test_a_closed_question_is_not_counted_as_unread(ask, doctor):
    question = ask()
    actions.set_closed(question, closed=True, by=doctor)
    assert queries.counts(doctor) == {
        "new": 0, "assigned": 0, "waiting": 0, "answered": 0, "closed": 1, "unread": 0,
    }  # fmt: skip


def test_red_flags_come_first_and_then_the_askers_last_word(ask, doctor):
    first = ask(subject="first")
    urgent = ask(subject="urgent", question="I cannot swallow since yesterday evening.")
    last = ask(subject="last")
    assert [q.pk for q in queries.inbox(doctor)] == [urgent.pk, last.pk, first.pk]
    actions.add_to_question(first, "more")
    assert [q.pk for q in queries.inbox(doctor)] == [urgent.pk, first.pk, last.pk]


def test_the_inbox_is_searched_by_words_reference_and_address(ask, doctor):
    botox, other = ask(subject="Botox", email="b@x.org"), ask(subject="Surgery")
    assert queries.inbox(doctor, words="bot RAVI") == [botox]
    assert queries.inbox(doctor, words=other.reference.lower()) == [other]
    assert queries.inbox(doctor, words="B@X.ORG") == [botox]
    assert queries.inbox(doctor, words="nothing like it") == []


def test_states_follow_what_happens(ask, doctor):
    question = ask()
    actions.assign(question, doctor, by=doctor)
    assert question.state == "assigned"
    actions.reply(question, Message.Kind.ASK_MORE, "Since when?", by=doctor)
    assert question.state == "waiting"
    actions.add_to_question(question, "Since May.")
    assert question.state == "assigned"
    actions.reply(question, Message.Kind.ANSWER, "Thank you.", by=doctor)
    assert question.state == "answered"
    actions.set_closed(question, closed=True, by=doctor)
    actions.add_to_question(question, "One more thing.")
    assert question.state == "assigned"


def test_a_doctor_answers_and_the_asker_reads_it_through_the_link(ask, doctor, logged_in, client):
    question = ask()
    browser = logged_in(doctor)
    url = reverse("reply", args=[question.pk])
    words = {"text": "It can be treated.", "kind": "answer", "pages": ["treatments"]}
    assert browser.post(url, words).status_code == 302
    post_letters()
    letter = mail.outbox[-1]
    assert "treated" not in letter.body
    path = "/" + next(x for x in letter.body.splitlines() if "/open/" in x).split("/", 3)[3]
    page = client.post(path, follow=True).content.decode()
    assert "It can be treated." in page
    assert "/know/treatments/" in page


def test_a_note_is_for_the_clinic_only(ask, doctor, logged_in, client):
    question = ask()
    actions.reply(question, Message.Kind.NOTE, "secret note", by=doctor)
    assert not mail.outbox
    assert "secret note" not in [m.text for m in queries.messages_of(question, for_asker=True)]
    page = logged_in(doctor).get(reverse("question", args=[question.pk])).content.decode()
    assert "secret note" in page


def test_a_nurse_asks_for_more_and_does_not_answer(ask, nurse, logged_in):
    url = reverse("reply", args=[ask().pk])
    assert logged_in(nurse).post(url, {"text": "words", "kind": "answer"}).status_code == 422
    assert not Message.objects.exists()
    assert logged_in(nurse).post(url, {"text": "words", "kind": "ask_more"}).status_code == 302


def test_a_draft_is_kept_and_gone_when_sent(ask, doctor, logged_in):
    question, browser = ask(), logged_in(doctor)
    browser.post(reverse("draft", args=[question.pk]), {"text": "Dear Ravi, "})
    page = browser.get(reverse("question", args=[question.pk])).content.decode()
    assert "Dear Ravi, " in page
    browser.post(
        reverse("reply", args=[question.pk]), {"text": "Dear Ravi, yes.", "kind": "answer"}
    )
    assert not Draft.objects.exists()


def test_a_reply_that_cannot_be_sent_keeps_its_words(ask, doctor, logged_in):
    url = reverse("reply", args=[ask().pk])
    answer = logged_in(doctor).post(
        url, {"text": "long thought", "kind": "answer", "pages": ["no"]}
    )
    assert answer.status_code == 422
    assert "long thought" in answer.content.decode()


def test_templates_are_ones_own(doctor, person, logged_in):
    mine, theirs = logged_in(doctor), logged_in(person(Role.DOCTOR, "other"))
    mine.post(reverse("templates"), {"title": "Hello", "text": "Thank you for writing."})
    assert "Thank you for writing." in mine.get(reverse("templates")).content.decode()
    assert "Thank you for writing." not in theirs.get(reverse("templates")).content.decode()


def test_the_asker_becomes_a_patient_and_is_invited(ask, doctor, logged_in, client):
    question = ask()
    page = logged_in(doctor).post(reverse("make-patient", args=[question.pk]), follow=True)
    assert page.status_code == 200
    patient = Patient.objects.get()
    assert (patient.name, patient.email) == (question.name, question.email)
    post_letters()
    letter = next(letter for letter in mail.outbox if "/account/invitation/" in letter.body)
    path = "/" + next(x for x in letter.body.splitlines() if "/invitation/" in x).split("/", 3)[3]
    answer = client.post(path, {"name": "Ravi", "password": "short"})
    assert answer.status_code == 422
    assert client.post(path, {"name": "Ravi", "password": "a long enough one"}).status_code == 302
    assert client.get(path).status_code == 410
    patient.refresh_from_db()
    assert patient.user.role == Role.PATIENT
    assert queries.questions_for(patient.user).get() == question


def test_making_a_patient_twice_makes_one(ask, doctor):
    question = ask()
    assert actions.make_patient(question, by=doctor) == actions.make_patient(question, by=doctor)


def test_a_question_given_away_is_out_of_sight(ask, doctor, person, logged_in):
    other, question = person(Role.DOCTOR, "other"), ask()
    url = reverse("assign", args=[question.pk])
    assert logged_in(doctor).post(url, {"to": str(other.pk)}).url == reverse("inbox")
    assert logged_in(doctor).get(reverse("question", args=[question.pk])).status_code == 404
    assert logged_in(doctor).post(url, {"to": "nonsense"}).status_code == 404


def test_what_people_write_is_shown_as_text(ask, doctor, logged_in):
    question = ask(
        subject="<img src=//evil.example>", question="<script>alert(1)</script> hello you"
    )
    page = logged_in(doctor).get(reverse("question", args=[question.pk])).content.decode()
    assert "<script>alert" not in page
    assert "<img src=//evil" not in page


def test_what_a_nurse_asks_for_more_stays_in_every_doctors_sight(ask, nurse, doctor):
    question = ask()
    actions.reply(question, Message.Kind.ASK_MORE, "Since when?", by=nurse)
    assert queries.inbox(doctor) == [question]


def test_questions_of_a_doctor_who_left_are_seen_by_the_others(ask, doctor, person):
    other, question = person(Role.DOCTOR, "other"), ask()
    actions.assign(question, other, by=other)
    assert queries.inbox(doctor) == []
    other.is_active = False
    other.save()
    assert queries.inbox(doctor) == [question]
