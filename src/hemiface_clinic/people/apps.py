"""The app's start."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People."""

    name = "hemiface_clinic.people"

    def ready(self) -> None:
        """Declare what is kept about a patient."""
        from hemiface_clinic.people.holdings import declare_holdings

        declare_holdings()
