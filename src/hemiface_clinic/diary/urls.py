"""Addresses of the diary."""

from django.urls import path

from hemiface_clinic.diary import offline, reading, views

urlpatterns = [
    path("diary/", views.diary, name="diary"),
    path("diary/begin/", views.begin, name="diary-begin"),
    path("diary/entries/<uuid:pk>/", views.change, name="diary-entry"),
    path("diary/entries/<uuid:pk>/delete/", views.delete, name="diary-delete"),
    path("diary/reminder/", views.reminder, name="diary-reminder"),
    path("diary/csv/", reading.own_csv, name="diary-csv"),
    path("diary/pdf/", reading.own_pdf, name="diary-pdf"),
    path("diary/offline/", offline.shell, name="diary-shell"),
    path("diary/sender/", offline.sender, name="diary-sender"),
    path("diary/worker.js", offline.worker, name="diary-worker"),
    path("patients/<uuid:pk>/diary/", reading.diary, name="patient-diary"),
    path("patients/<uuid:pk>/diary/csv/", reading.csv, name="patient-diary-csv"),
    path("patients/<uuid:pk>/diary/pdf/", reading.pdf, name="patient-diary-pdf"),
]
