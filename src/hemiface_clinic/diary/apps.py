"""The app's start."""

from django.apps import AppConfig


class DiaryConfig(AppConfig):
    """Diary, and reminders of it."""

    name = "hemiface_clinic.diary"
