"""Addresses of scales."""

from django.urls import path

from hemiface.scales import read_scales
from hemiface_clinic.scales import views

urlpatterns = [
    path("patients/<uuid:pk>/scales/", views.index, name="scales"),
    *(
        path(
            f"patients/<uuid:pk>/scales/{one.key}-{one.version}/",
            views.fill,
            {"key": one.key, "version": one.version},
            name=f"scale-{one.key}-{one.version}",
        )
        for one in read_scales()
    ),
    path("scales/<uuid:pk>/error/", views.take_back, name="scale-error"),
]
