"""The diary's pages: entries that are typed, and who may do what."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.diary_story import FULL, MORNING, fill, kept
from hemiface.records import Entry
from hemiface_clinic.audit.models import Event
from hemiface_clinic.diary import actions
from hemiface_clinic.diary.forms import EntryForm
from hemiface_clinic.diary.models import DiaryEntry
from hemiface_clinic.people.actions import add_patient
from hemiface_clinic.people.models import Consent, Role

JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def asha(patient, logged_in) -> Client:
    """The browser of a patient who agreed that their diary is kept."""
    actions.begin(patient, by=patient.user)
    return logged_in(patient.user)


@pytest.fixture
def world_of_two(patient, person):
    """Two patients of two doctors."""
    other = add_patient("Ben", "ben@home.example", "+919000000000", by=person(Role.DOCTOR, "other"))
    other.user = person(Role.PATIENT, "ben")
    other.save()
    return patient, other


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(EntryForm.base_fields)), st.text(max_size=40)))
def test_whatever_is_typed_is_taken_or_told(typed):
    form = EntryForm(typed)
    if form.is_valid():
        entry = form.entry()
        assert entry != Entry(entry.at)
        assert entry.at.utcoffset() is not None
    else:
        assert all(form.errors.values())


@settings(deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "burden": st.integers(0, 10).map(str),
            "stress": st.integers(0, 10).map(str),
            "side": st.sampled_from(["left", "right"]),
            "triggers": st.lists(st.sampled_from(["stress", "cold"]), unique=True, min_size=1),
            "sleep_h": st.integers(0, 96).map(lambda n: f"{n / 4:g}"),
        },
    )
)
def test_an_entry_may_hold_any_part_but_not_none(typed):
    form = EntryForm(typed)
    assert form.is_valid() == bool(typed)
    if typed:
        entry = form.entry()
        assert entry.burden == (int(typed["burden"]) if "burden" in typed else None)
        assert entry.triggers == tuple(typed.get("triggers", ()))
        assert entry.sleep_h == (float(typed["sleep_h"]) if "sleep_h" in typed else None)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "__all__"),
        ({"burden": "11"}, "burden"),
        ({"triggers": ["moon"]}, "triggers"),
        ({"sleep_h": "25"}, "sleep_h"),
        ({"spell_s": "7"}, "spell_s"),
        ({"side": "both"}, "side"),
        ({"burden": "3", "at": "1999-12-31T23:59"}, "at"),
        ({"burden": "3", "at": "9999-12-31T23:59"}, "at"),
        ({"burden": "3", "at": "yesterday"}, "at"),
        ({"burden": "3", "offset_min": "9000"}, "offset_min"),
        ({"burden": "3", "sent_as": "1"}, "sent_as"),
        ({"other_medicines": "x" * 61}, "other_medicines"),
        ({"note": "x" * 2001}, "note"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(typed, field):
    assert list(EntryForm(typed).errors) == [field]


def test_the_time_is_of_the_clock_the_person_saw():
    form = EntryForm({"burden": "3", "at": "2026-03-02T08:15", "offset_min": "330"})
    assert form.is_valid()
    assert form.entry().at == MORNING
    assert form.entry().at.utcoffset() == timedelta(hours=5.5)


def test_medicines_are_those_chosen_and_those_written_each_once():
    form = EntryForm({"medicines": ["Baclofen"], "other_medicines": " Clonazepam, Baclofen ,, "})
    assert form.is_valid()
    assert form.entry().medicines == ("Baclofen", "Clonazepam")


@pytest.mark.django_db
def test_a_tap_is_an_entry_that_can_be_taken_back_without_javascript(asha):
    answer = asha.post("/diary/", {"spasm_now": "1", "sent_as": uuid4()}, follow=True)
    row = DiaryEntry.objects.get()
    assert row.entry.spasm_now
    assert abs(row.at - timezone.now()) < timedelta(minutes=1)
    undo = reverse("diary-delete", args=[row.pk])
    assert undo in answer.content.decode()
    asha.post(undo)
    assert not DiaryEntry.objects.exists()


@pytest.mark.django_db
def test_the_form_sent_twice_makes_one_row(asha):
    typed = {"burden": "4", "triggers": ["cold"], "sent_as": str(uuid4())}
    for _ in range(2):
        assert asha.post("/diary/", typed).status_code == 302
    assert DiaryEntry.objects.get().entry.burden == 4


@pytest.mark.django_db
def test_what_waited_is_answered_with_a_receipt_or_with_why_not(asha):
    key = str(uuid4())
    said = asha.post("/diary/", {"spasm_now": "1", "sent_as": key}, **JSON).json()
    assert said["saved"] == key
    again = asha.post("/diary/", {"spasm_now": "1", "sent_as": key}, **JSON).json()
    assert again == said
    assert asha.post(said["undo"], **JSON).status_code == 200
    refused = asha.post("/diary/", {"sent_as": key}, **JSON)
    assert refused.status_code == 422
    assert refused.json()["problems"] == ["Choose or write something first."]


@pytest.mark.django_db
def test_nothing_is_kept_before_the_patient_agrees_or_after_they_take_it_back(patient, logged_in):
    browser = logged_in(patient.user)
    page = browser.get("/diary/").content.decode()
    assert "Agree, and begin the diary" in page
    assert 'id="now"' not in page
    assert browser.post("/diary/", {"spasm_now": "1"}, **JSON).status_code == 422
    browser.post("/diary/", {"spasm_now": "1"})
    assert not DiaryEntry.objects.exists()
    browser.post(reverse("diary-begin"))
    browser.post("/diary/", {"spasm_now": "1"})
    assert DiaryEntry.objects.count() == 1
    assert Consent.objects.get().purpose == "care"
    browser.post(reverse("consent", args=["care"]), {"withdraw": ""})
    browser.post("/diary/", {"spasm_now": "1"})
    assert DiaryEntry.objects.count() == 1


@pytest.mark.django_db
def test_an_entry_is_changed_in_the_form_it_was_written_in(asha, patient):
    row = kept(patient)
    page = asha.get(reverse("diary-entry", args=[row.pk])).content.decode()
    for held in ("2026-03-02T08:15", "=worse in the meeting", "Carbamazepine", 'value="330"'):
        assert held in page
    form = EntryForm(held=FULL)
    typed = {name: value for name, value in form.initial.items() if value is not None}
    asha.post(reverse("diary-entry", args=[row.pk]), {**typed, "burden": "2"})
    assert DiaryEntry.objects.get().entry == replace(FULL, burden=2)
    wrong = asha.post(reverse("diary-entry", args=[row.pk]), {"burden": "12"})
    assert wrong.status_code == 422
    assert DiaryEntry.objects.get().entry.burden == 2


@pytest.mark.django_db
def test_what_is_wrong_is_shown_and_what_was_typed_is_kept(asha):
    answer = asha.post("/diary/", {"burden": "5", "sleep_h": "99", "note": "so-so"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error:" in page
    assert '<details class="more" open>' in page
    assert "so-so" in page
    assert 'href="#id_sleep_h"' in page
    assert not DiaryEntry.objects.exists()


@pytest.mark.django_db
def test_every_entry_is_shown_once_page_after_page(asha, patient):
    fill(patient, 100)
    same_time = [kept(patient, replace(FULL, burden=n)).pk for n in range(3)]
    found, path = [], "/diary/"
    while path:
        page = asha.get(path).context
        found += [line.row.pk for _, lines in page["days"] for line in lines]
        path = f"/diary/?before={page['last'].pk}" if page["last"] else ""
    assert len(found) == len(set(found)) == 103
    assert set(same_time) < set(found)
    assert found == list(DiaryEntry.objects.values_list("pk", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["month=x", "day=x", "before=x", "new=x", "day=2026-03-02"])
def test_addresses_that_mean_nothing_show_the_diary(asha, asked):
    assert asha.get(f"/diary/?{asked}").status_code == 200


@pytest.mark.django_db
def test_the_doctor_of_the_patient_reads_and_it_is_noted(patient, doctor, logged_in):
    kept(patient)
    page = logged_in(doctor).get(reverse("patient-diary", args=[patient.pk])).content.decode()
    assert "=worse in the meeting" in page
    assert "/diary/entries/" not in page
    event = Event.objects.get(action="diary.read")
    assert (event.actor, event.patient) == (f"user:{doctor.pk}", str(patient.pk))
    table = logged_in(doctor).get(reverse("patient-diary-csv", args=[patient.pk]))
    assert "'=worse in the meeting" in table.content.decode()
    assert "attachment" in table["Content-Disposition"]
    assert logged_in(doctor).get(reverse("patient-diary-pdf", args=[patient.pk])).status_code == 200
    assert Event.objects.filter(action="diary.export", actor=f"user:{doctor.pk}").count() == 2


@pytest.mark.django_db
def test_only_the_patient_writes_and_only_their_clinic_reads(
    world_of_two, doctor, nurse, administrator, logged_in
):
    asha, ben = world_of_two
    row = kept(asha)
    entry, gone = (reverse(name, args=[row.pk]) for name in ("diary-entry", "diary-delete"))
    for user in (ben.user, doctor, nurse, administrator):
        browser = logged_in(user)
        assert browser.get(entry).status_code == 404
        assert browser.post(entry, {"burden": "1"}).status_code == 404
        assert browser.post(gone).status_code == 404
    for user in (asha.user, ben.user, nurse, administrator):
        for name in ("patient-diary", "patient-diary-csv", "patient-diary-pdf"):
            assert logged_in(user).get(reverse(name, args=[asha.pk])).status_code == 404
    assert b"meeting" not in logged_in(ben.user).get("/diary/csv/").content
    assert ben.pk != asha.pk
    assert logged_in(ben.user).get(f"/diary/?new={row.pk}").context["new"] is None
    assert DiaryEntry.objects.get().entry == FULL


@pytest.mark.django_db
def test_the_browser_keeps_a_page_that_holds_nobodys_data(asha, patient):
    kept(patient)
    shell = asha.get(reverse("diary-shell"))
    page = shell.content.decode()
    for secret in (
        patient.name,
        str(patient.pk),
        "Carbamazepine",
        "csrfmiddlewaretoken",
        "=worse",
    ):
        assert secret not in page
    assert shell.headers["Cache-Control"] == "no-store"
    worker = asha.get(reverse("diary-worker"))
    assert worker["Content-Type"] == "text/javascript"
    assert worker.content == asha.get(reverse("diary-worker")).content
    assert str(patient.pk) not in worker.content.decode()
    said = asha.get(reverse("diary-sender")).json()
    assert said["owner"] == str(patient.pk)


@pytest.mark.django_db
def test_logging_out_empties_the_browser_and_an_old_session_does_not(asha, patient):
    session = asha.session
    session["since"] = session["seen"] = 0.0
    session.save()
    answer = asha.get("/diary/")
    assert answer.status_code == 302
    assert "Clear-Site-Data" not in answer.headers
    asha.force_login(patient.user, "allauth.account.auth_backends.AuthenticationBackend")
    answer = asha.post(reverse("account_logout"))
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    assert "Clear-Site-Data" not in asha.get("/").headers


@pytest.mark.django_db
def test_the_reminder_is_a_file_and_is_kept_nowhere(asha):
    asked = asha.get(reverse("diary-reminder"))
    assert asked.status_code == 200
    assert asha.get(reverse("diary-reminder") + "?time=&days=").status_code == 422
    file = asha.get(reverse("diary-reminder") + "?time=20:30&days=Mo&days=Fr")
    assert file["Content-Type"].startswith("text/calendar")
    assert b"BYDAY=MO,FR" in file.content
