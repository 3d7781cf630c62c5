"""The app's start."""

from django.apps import AppConfig
from django.db.models.signals import post_delete


class MriConfig(AppConfig):
    """The MRI."""

    name = "hemiface_clinic.mri"

    def ready(self) -> None:
        """Let files go with their rows, and declare what is kept about a patient."""
        from hemiface_clinic.mri.holdings import declare_holdings, forget
        from hemiface_clinic.mri.models import Study

        post_delete.connect(forget, sender=Study, dispatch_uid="mri.forget")
        declare_holdings()
