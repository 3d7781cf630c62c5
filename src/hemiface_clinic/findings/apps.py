"""The app's start."""

from django.apps import AppConfig


class FindingsConfig(AppConfig):
    """History, examination and scales, and what speaks for which condition."""

    name = "hemiface_clinic.findings"
