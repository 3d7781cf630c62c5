"""The app's start."""

from django.apps import AppConfig


class FindingsConfig(AppConfig):
    """History and examination, and what speaks for which condition."""

    name = "hemiface_clinic.findings"

    def ready(self) -> None:
        """Declare what is kept about a patient."""
        from hemiface_clinic.findings.holdings import declare_holdings

        declare_holdings()
