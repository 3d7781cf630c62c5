"""The app's start."""

from django.apps import AppConfig


class DiaryConfig(AppConfig):
    """Diary, and reminders of it."""

    name = "hemiface_clinic.diary"

    def ready(self) -> None:
        """Declare what is kept about a patient."""
        from hemiface_clinic.diary.holdings import declare_holdings

        declare_holdings()
