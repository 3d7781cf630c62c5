"""The JSON interface: what the pages' own elements ask for. Same rights as the pages."""

from uuid import UUID

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest
from django.urls import path
from ninja import NinjaAPI, Schema
from ninja.security import APIKeyCookie

from hemiface_clinic.people.gate import UserRequest
from hemiface_clinic.people.models import User
from hemiface_clinic.questions.queries import counts
from hemiface_clinic.recordings.queries import recording_for


class SignedIn(APIKeyCookie):
    """Lets in who has logged in; staff only with a second factor."""

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        """Return the user, or None for 401."""
        user = request.user
        if not isinstance(user, User) or (user.is_staff and not is_mfa_enabled(user)):
            return None
        return user


class Problem(Schema):
    """Why there is no answer."""

    detail: str


class Counts(Schema):
    """Questions by state, and how many open ones are unread."""

    new: int
    assigned: int
    waiting: int
    answered: int
    closed: int
    unread: int


class RecordingState(Schema):
    """Where a recording stands."""

    id: UUID
    state: str
    progress: float


api = NinjaAPI(
    title="hemiface", auth=SignedIn(), docs_url=None, openapi_url=None, urls_namespace="api"
)


@api.get("counts", response={200: Counts, 401: Problem})
def read_counts(request: UserRequest) -> dict[str, int]:
    """Return the numbers of the inbox."""
    return counts(request.user)


@api.get("recordings/{pk}", response={200: RecordingState, 401: Problem, 404: Problem})
def read_recording(request: UserRequest, pk: UUID) -> dict[str, object]:
    """Return where a recording stands."""
    recording = recording_for(request.user, pk)
    return {"id": recording.pk, "state": recording.state, "progress": recording.progress}


urlpatterns = [path("", api.urls)]
