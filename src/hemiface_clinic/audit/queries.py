"""Reading the audit, and finding out whether anybody touched it."""

from collections.abc import Iterator

from django.conf import settings
from django.db.models import QuerySet

from hemiface_clinic.audit.anchor import read_anchor
from hemiface_clinic.audit.chain import link
from hemiface_clinic.audit.models import Event, Head


def latest_events() -> QuerySet[Event]:
    """Return events, the newest first."""
    return Event.objects.order_by("-seq")


def events_about(patient: object) -> QuerySet[Event]:
    """Return the events about one patient's data, the newest first."""
    return latest_events().filter(patient=str(getattr(patient, "pk", patient)))


def find_faults() -> Iterator[str]:
    """Yield a sentence for everything that does not fit: changed, missing, moved or cut off."""
    expected, before = 1, ""
    anchor_seq, anchor_digest = read_anchor(settings.CONFIGURATION.data)
    for event in Event.objects.order_by("seq").iterator(chunk_size=1000):
        if event.seq != expected:
            yield f"event {expected} must follow; event {event.seq} does: events are missing"
        elif event.digest != link(before, event):
            yield f"event {event.seq} does not fit its digest: it, or the one before, was changed"
        if event.seq == anchor_seq and event.digest != anchor_digest:
            yield f"event {event.seq} is not the one the anchor remembers: it was replaced"
        expected, before = event.seq + 1, event.digest
    yield from _faults_at_the_end(expected - 1, before, anchor_seq)


def _faults_at_the_end(last: int, digest: str, anchor_seq: int) -> Iterator[str]:
    if last < anchor_seq:
        yield (
            f"event {anchor_seq} must be there, says the anchor; the last is {last}: "
            "the end was cut off"
        )
    head = Head.objects.filter(pk=1).first()
    if head and (head.seq, head.digest) != (last, digest):
        yield f"the head of the chain must be event {last}; it is {head.seq}"
