"""Entries of a diary, as the tests write them."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

from hemiface.records import Entry
from hemiface_clinic.diary import actions
from hemiface_clinic.diary.models import DiaryEntry
from hemiface_clinic.people.models import Patient

KOLKATA = timezone(timedelta(hours=5, minutes=30))
MORNING = datetime(2026, 3, 2, 8, 15, tzinfo=KOLKATA)
FULL = Entry(
    at=MORNING,
    side="left",
    burden=7,
    spell_s=30.0,
    sites=("eye", "mouth"),
    triggers=("stress", "screen"),
    stress=0,
    sleep_h=6.5,
    medicines=("Carbamazepine",),
    spasm_now=True,
    note="=worse in the meeting",
)


def kept(patient: Patient, entry: Entry = FULL) -> DiaryEntry:
    """An entry that a patient wrote."""
    return actions.write(patient, entry, uuid4(), by=patient.user)


def fill(patient: Patient, n: int, last: datetime | None = None) -> None:
    """Let `n` entries be there, one every seventeen hours, without the audit of each."""
    last = last or datetime.now(UTC)
    rows = []
    for number in range(n):
        at = (last - timedelta(hours=17 * number)).astimezone(KOLKATA)
        row = DiaryEntry(patient=patient, sent_as=uuid4())
        row.hold(
            Entry(
                at,
                burden=number % 11,
                triggers=("stress",) if number % 3 else ("cold", "reading"),
                medicines=(f"Medicine {number % 5}",),
                spasm_now=number % 4 == 0,
                note="A note of some length. " * (number % 3),
            )
        )
        rows.append(row)
    DiaryEntry.objects.bulk_create(rows, batch_size=500)
