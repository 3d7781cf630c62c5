"""Addresses of asking, of the asker's page, and of the inbox."""

from django.urls import path

from hemiface_clinic.questions import asking, following, inbox

urlpatterns = [
    path("ask/", asking.ask, name="ask"),
    path("ask/code/", asking.new_code, name="new-code"),
    path("ask/code/<str:nonce>.png", asking.code_image, name="code-image"),
    path("ask/code/<str:nonce>.wav", asking.code_sound, name="code-sound"),
    path("ask/sent/<str:reference>/", asking.sent, name="sent"),
    path("question/link/", following.new_link, name="new-link"),
    path("question/open/<str:token>/", following.open_by_link, name="open-link"),
    path("question/leave/", following.leave, name="leave"),
    path("question/<str:reference>/", following.follow, name="follow"),
    path("question/<str:reference>/video/", following.attach, name="attach"),
    path("inbox/", inbox.index, name="inbox"),
    path("inbox/templates/", inbox.templates, name="templates"),
    path("inbox/templates/<uuid:pk>/delete/", inbox.delete_template, name="template-delete"),
    path("inbox/<uuid:pk>/", inbox.show, name="question"),
    path("inbox/<uuid:pk>/reply/", inbox.reply, name="reply"),
    path("inbox/<uuid:pk>/draft/", inbox.draft, name="draft"),
    path("inbox/<uuid:pk>/assign/", inbox.assign, name="assign"),
    path("inbox/<uuid:pk>/close/", inbox.close, name="close"),
    path("inbox/<uuid:pk>/reopen/", inbox.reopen, name="reopen"),
    path("inbox/<uuid:pk>/patient/", inbox.make_patient, name="make-patient"),
    path("inbox/<uuid:pk>/links/", inbox.revoke_links, name="revoke-links"),
]
