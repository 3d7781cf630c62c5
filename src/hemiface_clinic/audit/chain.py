"""The chain: each event's digest covers the event and the digest before it.

The digest is keyed (HMAC-SHA-256), so that somebody who can write the database, and does not have
the keys, cannot make a chain that fits.
"""

import hashlib
import hmac
import json

from hemiface_clinic.audit.models import Event
from hemiface_clinic.vault.seal import ring


def link(before: str, event: Event) -> str:
    """Return the digest of an event that follows the one with digest `before`."""
    fields = [
        before,
        event.seq,
        event.at.isoformat(),
        event.actor,
        event.action,
        event.subject,
        event.patient,
        event.outcome,
        event.address,
        event.detail,
    ]
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"))
    return hmac.new(ring().audit, text.encode(), hashlib.sha256).hexdigest()
