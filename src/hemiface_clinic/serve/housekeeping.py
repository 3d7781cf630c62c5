"""Keeping house: every minute, what is no longer needed is forgotten."""

import logging
import threading
from datetime import timedelta

from django.core.management import call_command
from django.db import close_old_connections

from hemiface_clinic.jobs.actions import forget_finished
from hemiface_clinic.limits import actions as limits
from hemiface_clinic.mri import actions as mri
from hemiface_clinic.people.actions import forget_old_invitations
from hemiface_clinic.questions.actions import forget_old_links, forget_used_codes
from hemiface_clinic.recordings.actions import forget_old_pictures, forget_strays
from hemiface_clinic.uploads import actions as uploads

log = logging.getLogger(__name__)
EVERY_S = 60.0
LETTERS_KEPT = timedelta(days=7)


def keep_house() -> None:
    """Forget what is no longer needed; one task that fails does not stop the others."""
    for task in (
        limits.forget_old_buckets,
        forget_old_sessions,
        forget_used_codes,
        forget_old_links,
        forget_old_invitations,
        forget_old_letters,
        forget_strays,
        forget_old_pictures,
        mri.forget_strays,
        uploads.forget_old,
    ):
        try:
            task()
        except Exception:
            log.exception("housekeeping: %s failed; trying again in a minute", task)


def keep_house_until(stop: threading.Event) -> None:
    """Keep house every minute until told to stop."""
    while not stop.is_set():
        close_old_connections()
        keep_house()
        stop.wait(EVERY_S)


def forget_old_sessions() -> None:
    """Delete sessions that have ended."""
    call_command("clearsessions")


def forget_old_letters() -> None:
    """Delete letters that were posted, or given up, a week ago."""
    forget_finished("letter", LETTERS_KEPT)
