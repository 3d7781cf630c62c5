"""The app's start."""

from django.apps import AppConfig
from django.db.models.signals import post_delete


class UploadsConfig(AppConfig):
    """Files on their way."""

    name = "hemiface_clinic.uploads"

    def ready(self) -> None:
        """Let parts go with their row, and declare what is kept about a patient."""
        from hemiface_clinic.uploads.holdings import declare_holdings, forget
        from hemiface_clinic.uploads.models import Upload

        post_delete.connect(forget, sender=Upload, dispatch_uid="uploads.forget")
        declare_holdings()
