"""The app's start."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People."""

    name = "hemiface_clinic.people"

    def ready(self) -> None:
        """Declare what is kept about a patient; note log-ins."""
        from hemiface_clinic.people.holdings import declare_holdings
        from hemiface_clinic.people.noted import note_changes

        declare_holdings()
        note_changes()
