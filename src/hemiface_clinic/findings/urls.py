"""Addresses of history, examination and differential."""

from django.urls import path

from hemiface_clinic.findings import views

urlpatterns = [
    path("patients/<uuid:pk>/history/", views.history, name="history"),
    path("patients/<uuid:pk>/examination/", views.examination, name="examination"),
    path("patients/<uuid:pk>/differential/", views.weigh, name="differential"),
    path("patients/<uuid:pk>/seen-to/", views.see_to_calls, name="calls-seen"),
]
