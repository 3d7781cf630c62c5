"""The app's start."""

from django.apps import AppConfig
from django.db.models.signals import post_delete


class CourseConfig(AppConfig):
    """The course of a patient."""

    name = "hemiface_clinic.course"

    def ready(self) -> None:
        """Declare what is kept about a patient; let a job go with what it was for."""
        from hemiface_clinic.course.holdings import declare_holdings, forget
        from hemiface_clinic.course.models import Reading

        post_delete.connect(forget, sender=Reading, dispatch_uid="course.forget")
        declare_holdings()
