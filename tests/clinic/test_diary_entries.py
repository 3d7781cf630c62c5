"""The diary: what is kept of an entry, who reads it, what is handed out."""

import csv
import io
import re
import zlib
from dataclasses import replace
from datetime import date, datetime, timedelta
from datetime import time as clock
from typing import get_args
from uuid import uuid4

import icalendar
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.diary_story import FULL, KOLKATA, MORNING, fill, kept
from hemiface.muscles import Group
from hemiface.records import Entry, Trigger
from hemiface_clinic.audit.models import Event
from hemiface_clinic.diary import actions
from hemiface_clinic.diary.choices import SITES, TRIGGERS
from hemiface_clinic.diary.contents import packed, unpacked
from hemiface_clinic.diary.course import course_entries
from hemiface_clinic.diary.models import DiaryEntry
from hemiface_clinic.diary.month import first_of_month, month_of
from hemiface_clinic.diary.reminders import reminder
from hemiface_clinic.diary.spreadsheet import COLUMNS, write_csv
from hemiface_clinic.diary.summary import Period, period_of, summarize
from hemiface_clinic.people.actions import add_patient
from hemiface_clinic.people.models import Role
from hemiface_clinic.people.personal import erase, everything_about, person_of
from hemiface_clinic.people.timeline import timeline_of

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
ENTRIES = st.builds(
    Entry,
    at=st.just(MORNING),
    side=st.sampled_from([None, "left", "right"]),
    burden=st.none() | st.integers(0, 10),
    spell_s=st.sampled_from([None, 1.0, 30.0]),
    sites=st.lists(st.sampled_from(get_args(Group)), unique=True).map(tuple),
    triggers=st.lists(st.sampled_from(get_args(Trigger)), unique=True).map(tuple),
    stress=st.none() | st.integers(0, 10),
    sleep_h=st.none() | st.floats(0, 24),
    medicines=st.lists(TEXTS, max_size=3).map(tuple),
    spasm_now=st.booleans(),
    note=TEXTS,
)


@pytest.fixture
def world_of_two(patient, person):
    """Two patients of two doctors."""
    other = add_patient("Ben", "ben@home.example", "+919000000000", by=person(Role.DOCTOR, "other"))
    other.user = person(Role.PATIENT, "ben")
    other.save()
    return patient, other


def test_every_trigger_and_region_of_the_library_has_words():
    assert set(TRIGGERS) == set(get_args(Trigger))
    assert set(SITES) == set(get_args(Group))


@settings(deadline=None)
@given(ENTRIES)
def test_what_is_kept_is_what_was_written(entry):
    assert unpacked(packed(entry), entry.at) == entry


def test_only_what_was_given_is_kept_and_nought_is_an_answer():
    assert packed(Entry(MORNING, burden=0)) == {"burden": 0}
    assert packed(Entry(MORNING)) == {}


@pytest.mark.django_db
def test_an_entry_lies_sealed_and_its_clock_is_where_the_person_was(patient):
    row = DiaryEntry.objects.get(pk=kept(patient).pk)
    assert row.entry == FULL
    assert row.entry.at.utcoffset() == timedelta(hours=5.5)
    assert row.on == date(2026, 3, 2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM diary_diaryentry")
        stored = b"".join(bytes(v) for v in cursor.fetchone() if isinstance(v, bytes | memoryview))
    assert stored
    for word in (b"Carbamazepine", b"meeting", b"stress", b"burden"):
        assert word not in stored


@pytest.mark.django_db
def test_just_after_midnight_belongs_to_the_new_day(patient):
    late = datetime(2026, 3, 3, 0, 30, tzinfo=KOLKATA)  # 2 March, 19:00 UTC
    assert kept(patient, replace(FULL, at=late)).on == date(2026, 3, 3)


@pytest.mark.django_db
def test_what_is_sent_twice_is_kept_once_and_audited_once(patient):
    key = uuid4()
    first, again = (actions.write(patient, FULL, key, by=patient.user) for _ in range(2))
    assert first == again
    assert DiaryEntry.objects.count() == 1
    assert Event.objects.filter(action="diary.write").count() == 1


@pytest.mark.django_db
def test_a_key_of_somebody_else_is_no_key_of_mine(world_of_two):
    asha, ben = world_of_two
    key = uuid4()
    mine = actions.write(asha, FULL, key, by=asha.user)
    theirs = actions.write(ben, replace(FULL, burden=1), key, by=ben.user)
    assert mine.pk != theirs.pk
    assert DiaryEntry.objects.get(pk=mine.pk).entry.burden == 7


@pytest.mark.django_db
def test_a_change_says_that_it_was_changed_and_the_audit_holds_no_word(patient):
    row = kept(patient)
    actions.change(row, replace(FULL, note="calm"), by=patient.user)
    again = DiaryEntry.objects.get()
    assert again.entry.note == "calm"
    assert again.changed_at is not None
    actions.delete(again, by=patient.user)
    events = Event.objects.filter(action__startswith="diary.").order_by("seq")
    assert [event.action for event in events] == ["diary.write", "diary.change", "diary.delete"]
    assert all(event.patient == str(patient.pk) and not event.detail for event in events)


@pytest.mark.django_db
def test_the_course_has_the_entries_in_order_of_time(patient):
    later = replace(FULL, at=MORNING + timedelta(days=1))
    kept(patient, later)
    kept(patient, FULL)
    assert course_entries(patient) == (FULL, later)


@pytest.mark.django_db
def test_the_diary_goes_out_whole_and_is_erased_whole(patient):
    kept(patient)
    person = person_of(patient)
    (row,) = everything_about(person)["diary"]
    assert row["contents"]["note"] == FULL.note
    lines = {line.name: line for line in erase(person, by=patient.user)}
    assert (lines["diary"].found, lines["diary"].left) == (1, 0)


@pytest.mark.django_db
def test_the_line_of_time_has_one_line_for_a_week(patient):
    for days in (0, 1, 6, 7):  # 2 March 2026 is a Monday
        kept(patient, replace(FULL, at=MORNING + timedelta(days=days)))
    titles = [entry.title for entry in timeline_of(patient) if entry.kind == "diary"]
    assert titles == ["Diary: 1 entry this week", "Diary: 3 entries this week"]


def test_a_month_shows_the_worst_of_each_day():
    entries = [
        Entry(MORNING, burden=3),
        Entry(MORNING + timedelta(hours=5), burden=6, spasm_now=True),
        Entry(MORNING + timedelta(days=1), spasm_now=True),
    ]
    month = month_of(date(2026, 3, 1), entries)
    days = {day.on: day for week in month.weeks for day in week if day}
    assert len(days) == 31
    assert month.weeks[0][:6] == (None,) * 6  # 1 March 2026 is a Sunday
    second, third = days[date(2026, 3, 2)], days[date(2026, 3, 3)]
    assert (second.n_entries, second.burden, second.n_spasms) == (2, 6, 1)
    assert (third.n_entries, third.burden, third.n_spasms) == (1, None, 1)
    assert (month.before, month.last, month.after) == (
        date(2026, 2, 1),
        date(2026, 3, 31),
        date(2026, 4, 1),
    )


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("2026-02", date(2026, 2, 1)),
        ("", date(2026, 3, 1)),
        ("2026-13", date(2026, 3, 1)),
        ("2027-01", date(2026, 3, 1)),
        ("1066-10", date(2000, 1, 1)),
    ],
)
def test_a_month_that_is_none_is_this_one(text, first):
    assert first_of_month(text, date(2026, 3, 17)) == first


@settings(deadline=None)
@given(st.lists(ENTRIES, max_size=4))
def test_a_table_gives_back_what_was_written_and_runs_nothing(entries):
    head, *rows = csv.reader(io.StringIO(write_csv(entries)))
    assert tuple(head) == COLUMNS
    for entry, row in zip(entries, rows, strict=True):
        cells = dict(zip(head, row, strict=True))
        assert not cells["note"].startswith(("=", "+", "-", "@", "\t", "\r"))
        assert not cells["medicines"].startswith(("=", "+", "-", "@", "\t", "\r"))
        assert cells["note"].removeprefix("'") == entry.note
        assert cells["burden"] == ("" if entry.burden is None else str(entry.burden))
        assert datetime.fromisoformat(cells["at"]) == entry.at


def test_the_summary_counts_and_leaves_out_only_what_it_says():
    entries = [
        replace(FULL, at=MORNING + timedelta(days=day), note="x" * 800, spasm_now=False)
        for day in range(10)
    ]
    entries.append(Entry(MORNING + timedelta(days=9, hours=2), triggers=("stress",)))
    summary = summarize(Period(date(2026, 3, 1), date(2026, 3, 31)), entries)
    assert (summary.n_entries, summary.n_days, summary.n_spasms) == (11, 10, 0)
    assert [(str(name), n) for name, n in summary.triggers] == [("Stress", 11), ("Screen", 10)]
    assert summary.medicines == (("Carbamazepine", 10),)
    assert (len(summary.notes), summary.n_left_out) == (5, 5)  # ten lines each
    assert summary.notes[-1].at == MORNING + timedelta(days=9)
    bars = {bar.label: bar for bar in summary.chart.bars}
    assert len(bars) == 31
    assert bars["1"].burden is None
    assert bars["2"].height == pytest.approx(0.7 * summary.chart.base, abs=8)


def test_a_period_is_a_whole_month():
    assert period_of("2024-02", date(2026, 1, 5)) == Period(date(2024, 2, 1), date(2024, 2, 29))


def test_the_reminder_says_nothing_of_health_and_rings_on_the_chosen_days():
    text = reminder(clock(20, 30), ["Mo", "Fr"])
    (event,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    (alarm,) = event.walk("VALARM")
    assert event["SUMMARY"] == alarm["DESCRIPTION"] == "Time for a note"
    assert event["RRULE"]["BYDAY"] == ["MO", "FR"]
    start = event["DTSTART"].dt
    assert (start.tzinfo, start.time()) == (None, clock(20, 30))
    assert start.weekday() in (0, 4)
    assert str(event["URL"]).endswith("/diary/")
    for word in (b"spasm", b"face", b"doctor", b"Apollo", b"hemiface"):
        assert word.lower() not in text.lower()


@pytest.mark.django_db
def test_the_pdf_is_for_screen_readers_too_and_fetches_nothing(patient, logged_in, monkeypatch):
    import socket

    note = '<img src="http://evil.example/x.png"><link rel="stylesheet" href="file:///etc/passwd">'
    kept(patient, replace(FULL, note=note))

    def no_socket(*_, **__):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", no_socket)
    browser = logged_in(patient.user)
    answer = browser.get(reverse("diary-pdf") + "?month=2026-03")
    assert answer["Content-Type"] == "application/pdf"
    text = _inflated(answer.content)
    assert b"pdfuaid:part" in text
    assert b"/Lang (en)" in text
    assert Event.objects.filter(action="diary.export", detail={"form": "pdf"}).count() == 1


@pytest.mark.django_db
def test_a_full_month_is_two_pages_at_most(patient, logged_in):
    last = datetime(2026, 3, 30, tzinfo=KOLKATA)
    for number in range(60):
        at = last - timedelta(hours=11 * number)
        words = "It twitched.\n" * 9 if number % 2 else "It twitched. " * 20
        kept(patient, replace(FULL, at=at, triggers=get_args(Trigger), note=words))
    answer = logged_in(patient.user).get(reverse("diary-pdf") + "?month=2026-03")
    text = _inflated(answer.content)
    assert 1 <= len(re.findall(rb"/Type /Page\b(?!s)", text)) <= 2


def _inflated(pdf: bytes) -> bytes:
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return pdf + b"\n".join(zlib.decompressobj().decompress(s) for s in streams if s[:1] == b"x")


@pytest.mark.django_db
def test_pages_do_not_grow_with_five_thousand_entries(patient, doctor, logged_in):
    pages = [
        *((patient.user, path) for path in ("/diary/", "/me/")),
        *((doctor, f"/patients/{patient.pk}/{name}") for name in ("diary/", "")),
    ]
    fill(patient, 500)
    few = [_cost(logged_in(user), path) for user, path in pages]
    fill(patient, 4500, datetime.now(KOLKATA) - timedelta(hours=17 * 500))
    many = [_cost(logged_in(user), path) for user, path in pages]
    for (_, path), (n_queries, _size), (n_more, size) in zip(pages, few, many, strict=True):
        assert n_more <= n_queries, path
        assert size < 150_000, path  # ten years: the line of time has one line for each week


def _cost(browser, path) -> tuple[int, int]:
    """How many queries a page asks, and how many bytes it has."""
    browser.get(path)  # templates and settings are read once
    with CaptureQueriesContext(connection) as queries:
        answer = browser.get(path)
    assert answer.status_code == 200
    return len(queries), len(answer.content)
