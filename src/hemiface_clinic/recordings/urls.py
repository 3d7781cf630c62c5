"""Addresses of recordings."""

from django.urls import path

from hemiface_clinic.recordings import views

urlpatterns = [
    path("<uuid:pk>/", views.status, name="recording"),
    path("<uuid:pk>/video/", views.video, name="recording-video"),
    path("<uuid:pk>/report/", views.report, name="recording-report"),
    path("<uuid:pk>/delete/", views.delete, name="recording-delete"),
]
