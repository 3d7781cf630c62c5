"""The app's start."""

from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    """Questions."""

    name = "hemiface_clinic.questions"

    def ready(self) -> None:
        """Declare what is kept about a patient, and what belongs on their line of time."""
        from hemiface_clinic.questions.holdings import declare_holdings

        declare_holdings()
