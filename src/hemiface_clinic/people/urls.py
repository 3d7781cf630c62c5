"""Addresses of accounts, patients and the people of the clinic."""

from django.urls import include, path

from hemiface_clinic.people import admin_views, me, patients

urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("account/invitation/<str:token>/", me.accept_invitation, name="accept-invitation"),
    path("me/", me.home, name="home-of-user"),
    path("me/consents/<slug:purpose>/", me.change_consent, name="consent"),
    path("me/export/", me.export, name="export"),
    path("me/erase/", me.erase, name="erase"),
    path("patients/", patients.index, name="patients"),
    path("patients/find/", patients.find, name="patient-find"),
    path("patients/<uuid:pk>/", patients.show, name="patient"),
    path("patients/<uuid:pk>/team/", patients.add_to_team, name="patient-team"),
    path("patients/<uuid:pk>/invite/", patients.invite, name="patient-invite"),
    path("patients/<uuid:pk>/emergency/", patients.break_glass, name="patient-emergency"),
    path("people/", admin_views.index, name="people"),
    path("people/<uuid:pk>/active/", admin_views.set_active, name="person-active"),
    path("people/invitations/<uuid:pk>/", admin_views.take_back, name="invitation-take-back"),
    path("people/audit/", admin_views.audit, name="audit"),
]
