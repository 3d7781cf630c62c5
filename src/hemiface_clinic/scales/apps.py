"""The app's start."""

from django.apps import AppConfig


class ScalesConfig(AppConfig):
    """Clinical scales."""

    name = "hemiface_clinic.scales"

    def ready(self) -> None:
        """Declare what is kept about a patient."""
        from hemiface_clinic.scales.holdings import declare_holdings

        declare_holdings()
