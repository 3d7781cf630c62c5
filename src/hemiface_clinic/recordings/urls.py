"""Addresses of recordings."""

from django.urls import path

from hemiface_clinic.recordings import guided, review_views, sending, views

urlpatterns = [
    path("<uuid:pk>/", views.status, name="recording"),
    path("guided/<uuid:pk>/", guided.guided, name="guided"),
    path("of/<uuid:pk>/", sending.uploads, name="uploads"),
    path("sent/<uuid:pk>/", sending.upload, name="upload"),
    path("<uuid:pk>/video/", views.video, name="recording-video"),
    path("<uuid:pk>/film/", views.film, name="recording-film"),
    path("<uuid:pk>/clip/", views.clip, name="recording-clip"),
    path("<uuid:pk>/report/", views.report, name="recording-report"),
    path("<uuid:pk>/still/", views.still, name="recording-still"),
    path("<uuid:pk>/faceless/", views.faceless, name="recording-faceless"),
    path("<uuid:pk>/stop/", views.stop, name="recording-stop"),
    path("<uuid:pk>/retry/", views.retry, name="recording-retry"),
    path("<uuid:pk>/delete/", views.delete, name="recording-delete"),
    path("<uuid:pk>/review/", review_views.review, name="recording-review"),
    path("<uuid:pk>/compare/", review_views.compare, name="recording-compare"),
    path("<uuid:pk>/player/", review_views.player, name="recording-player"),
    path("<uuid:pk>/spasms.csv", review_views.annotations, name="recording-spasms"),
]
