"""Adding to the audit."""

import json
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from hemiface_clinic.audit.anchor import write_anchor
from hemiface_clinic.audit.chain import link
from hemiface_clinic.audit.models import Event, Head
from hemiface_clinic.site.addresses import client_address

SYSTEM, ASKER, NOBODY = "system", "asker", "nobody"


def record(
    action: str,
    subject: models.Model | str,
    *,
    by: object,
    patient: object = "",
    outcome: str = "done",
    **detail: Any,
) -> Event:
    """Add one event to the chain, in the transaction that is open.

    Parameters
    ----------
    action : str
        What was done, as `question.read`.
    subject : django.db.models.Model or str
        What it was done to.
    by : object
        The user, or one of `SYSTEM`, `ASKER`, `NOBODY`.
    patient : object, optional
        Whose data it was, where that is known.
    outcome : str, optional
        `done` or `denied`.
    **detail
        Names and numbers that explain it; never what a person wrote.
    """
    with transaction.atomic():
        head = _locked_head()
        event = Event(
            seq=head.seq + 1,
            at=timezone.now(),
            actor=_name(by),
            action=action,
            subject=_name(subject),
            patient=str(getattr(patient, "pk", patient) or ""),
            outcome=outcome,
            address=client_address(),
            detail=json.loads(json.dumps(detail, default=str)),
        )
        event.digest = link(head.digest, event)
        event.save(force_insert=True)
        head.seq, head.digest = event.seq, event.digest
        head.save(update_fields=["seq", "digest"])
        transaction.on_commit(
            lambda: write_anchor(settings.CONFIGURATION.data, head.seq, head.digest)
        )
    return event


def _locked_head() -> Head:
    head, _ = Head.objects.select_for_update().get_or_create(pk=1)
    return head


def _name(thing: object) -> str:
    if isinstance(thing, models.Model):
        return f"{thing._meta.model_name}:{thing.pk}"
    return str(thing)
