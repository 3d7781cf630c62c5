"""Addresses of the course."""

from django.urls import path

from hemiface_clinic.course import exports, views
from hemiface_clinic.course.exports import FORMS

urlpatterns = [
    path("patients/cohort/", exports.cohort, name="cohort"),
    path("patients/<uuid:pk>/course/", views.course, name="course"),
    path("patients/<uuid:pk>/course/chart/", views.chart, name="course-chart"),
    path("patients/<uuid:pk>/course/drawing/", views.drawing, name="course-drawing"),
    path("patients/<uuid:pk>/course/answers/", views.answers, name="course-answers"),
    path("patients/<uuid:pk>/course/summary/", exports.summary, name="course-summary"),
    path("patients/<uuid:pk>/course/summary.pdf", exports.pdf, name="course-pdf"),
    *(
        path(
            f"patients/<uuid:pk>/course/export/{form}/",
            exports.export,
            {"form": form},
            name=f"course-{form}",
        )
        for form in FORMS
    ),
]
