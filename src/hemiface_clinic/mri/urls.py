"""Addresses of the MRI."""

from django.urls import path

from hemiface_clinic.mri import report_views, views
from hemiface_clinic.mri.serving import FILES
from hemiface_clinic.mri.slices import PLANES

urlpatterns = [
    path("patients/<uuid:pk>/mri/", views.index, name="mri"),
    path("patients/<uuid:pk>/mri/request/", report_views.request_form, name="mri-request"),
    path("patients/<uuid:pk>/mri/request.pdf", report_views.request_pdf, name="mri-request-pdf"),
    path("mri/<uuid:pk>/", views.study, name="mri-study"),
    path("mri/<uuid:pk>/state/", views.state, name="mri-state"),
    path("mri/<uuid:pk>/points/", views.points, name="mri-points"),
    path("mri/<uuid:pk>/delete/", views.delete, name="mri-delete"),
    path("mri/<uuid:pk>/measured/", views.page, name="mri-page"),
    path("mri/<uuid:pk>/report/", report_views.report, name="mri-report"),
    path("mri/<uuid:pk>/report/read/", report_views.read, name="mri-report-read"),
    *(
        path(f"mri/<uuid:pk>/{plane}.png", views.section, {"plane": plane}, name=f"mri-{plane}")
        for plane in PLANES
    ),
    *(
        path(f"mri/<uuid:pk>/{name}", views.file, {"name": name}, name=f"mri-file-{key}")
        for key, name in FILES.items()
    ),
]
