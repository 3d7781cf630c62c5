"""Addresses of treatments."""

from django.urls import path

from hemiface_clinic.treatments import views
from hemiface_clinic.treatments.kinds import TREATMENTS

urlpatterns = [
    path("patients/<uuid:pk>/treatments/", views.index, name="treatments"),
    *(
        path(
            f"patients/<uuid:pk>/treatments/add/{kind}/",
            views.add,
            {"kind": kind},
            name=f"treatment-add-{kind}",
        )
        for kind in TREATMENTS
    ),
    path(
        "patients/<uuid:pk>/treatments/add/side-effect/",
        views.add_side_effect,
        name="treatment-add-side_effect",
    ),
    path("treatments/<uuid:pk>/", views.show, name="treatment"),
    path("treatments/<uuid:pk>/change/", views.change, name="treatment-change"),
    path("treatments/<uuid:pk>/taken/", views.say_taken, name="treatment-taken"),
    path("treatments/<uuid:pk>/error/", views.mark_as_error, name="treatment-error"),
]
