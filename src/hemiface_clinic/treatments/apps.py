"""The app's start."""

from django.apps import AppConfig


class TreatmentsConfig(AppConfig):
    """Treatments as they are given, and what came after them."""

    name = "hemiface_clinic.treatments"
