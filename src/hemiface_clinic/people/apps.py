"""The app's start."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People."""

    name = "hemiface_clinic.people"

    def ready(self) -> None:
        """Declare what is kept about a patient; note log-ins."""
        from allauth.mfa.signals import authenticator_added

        from hemiface_clinic.people.holdings import declare_holdings
        from hemiface_clinic.people.noted import note_changes
        from hemiface_clinic.people.sessions import end_other_sessions

        declare_holdings()
        note_changes()
        authenticator_added.connect(end_other_sessions, dispatch_uid="people.end_other_sessions")
