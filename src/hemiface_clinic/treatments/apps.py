"""The app's start."""

from django.apps import AppConfig


class TreatmentsConfig(AppConfig):
    """Treatments as they are given, and what came after them."""

    name = "hemiface_clinic.treatments"

    def ready(self) -> None:
        """Declare what is kept about a patient."""
        from hemiface_clinic.treatments.holdings import declare_holdings

        declare_holdings()
