"""The app's start."""

from django.apps import AppConfig
from django.db.models.signals import post_delete


class RecordingsConfig(AppConfig):
    """Recordings."""

    name = "hemiface_clinic.recordings"

    def ready(self) -> None:
        """Let files go with their rows, and declare what is kept about a patient."""
        from hemiface_clinic.recordings.holdings import declare_holdings, forget
        from hemiface_clinic.recordings.models import Recording

        post_delete.connect(forget, sender=Recording, dispatch_uid="recordings.forget")
        declare_holdings()
