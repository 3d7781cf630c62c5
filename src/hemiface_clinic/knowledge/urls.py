"""Addresses of the knowledge pages."""

from django.urls import path

from hemiface_clinic.knowledge import views

urlpatterns = [
    path("know/", views.index, name="knowledge"),
    path("know/<slug:slug>/", views.show, name="page"),
    path("search/", views.find, name="search"),
]

# Read by machines: one for all languages.
machine_urlpatterns = [
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
]
