"""Whatever is done to the audit is found."""

import pytest
from django.conf import settings
from django.db import transaction

from hemiface_clinic.audit.actions import record
from hemiface_clinic.audit.models import Event, Head
from hemiface_clinic.audit.queries import find_faults

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def events():
    return [record("test.do", f"thing:{n}", by="system", n=n) for n in range(10)]


def faults() -> str:
    return "; ".join(find_faults())


def test_a_chain_that_nobody_touched_fits(events):
    assert faults() == ""
    assert (settings.CONFIGURATION.data / "audit.anchor").read_text().startswith("10 ")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "2020-01-01T00:00Z"),
        ("actor", "user:somebody"),
        ("action", "test.undo"),
        ("subject", "thing:99"),
        ("patient", "1"),
        ("outcome", "denied"),
        ("address", "10.0.0.1"),
        ("detail", {"n": 99}),
        ("digest", "0" * 64),
    ],
)
def test_a_changed_column_is_found(events, column, value):
    Event.objects.filter(seq=5).update(**{column: value})
    assert "event 5 does not fit" in faults()


def test_a_deleted_event_is_found(events):
    Event.objects.filter(seq=5).delete()
    assert "event 5 must follow; event 6 does" in faults()


def test_two_events_that_changed_places_are_found(events):
    Event.objects.filter(seq=4).update(seq=99)
    Event.objects.filter(seq=5).update(seq=4)
    Event.objects.filter(seq=99).update(seq=5)
    assert "event 4 does not fit" in faults()


def test_an_end_that_was_cut_off_is_found(events):
    Event.objects.filter(seq__gt=7).delete()
    Head.objects.update(seq=7, digest=Event.objects.get(seq=7).digest)
    assert "event 10 must be there, says the anchor; the last is 7" in faults()


def test_an_end_that_was_replaced_is_found(events):
    Event.objects.filter(seq=10).delete()
    Head.objects.update(seq=9, digest=Event.objects.get(seq=9).digest)
    record("test.other", "thing:10", by="system")
    assert "event 10 is not the one the anchor remembers" in faults()


def test_a_failed_transaction_leaves_no_event():
    with transaction.atomic():
        record("test.do", "thing", by="system")
        transaction.set_rollback(True)
    assert not Event.objects.exists()
    assert not (settings.CONFIGURATION.data / "audit.anchor").exists()
