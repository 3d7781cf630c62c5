"""Who asks: a browser, a patient who has logged in, or somebody who came by a link."""

from django.http import HttpRequest
from django.middleware.csrf import get_token

from hemiface_clinic.people.models import Role, User
from hemiface_clinic.questions.models import Question

_HELD = "questions"  # in the session: reference of a question → the link that opened it


def visitor_of(request: HttpRequest) -> str:
    """Return what ties a code to one browser: the secret in its own cookie."""
    get_token(request)
    return str(request.META.get("CSRF_COOKIE", ""))


def patient_of(request: HttpRequest) -> User | None:
    """Return the patient who has logged in; None for everybody else."""
    user = request.user
    return user if isinstance(user, User) and user.role == Role.PATIENT else None


def held(request: HttpRequest) -> dict[str, str]:
    """Return the links by which this browser has opened questions, by their reference."""
    links: dict[str, str] = request.session.get(_HELD, {})
    return links


def hold(request: HttpRequest, question: Question, link: str) -> None:
    """Let this browser read a question until its session ends."""
    request.session.cycle_key()  # a session somebody else prepared opens nothing
    request.session[_HELD] = {**held(request), question.reference: link}


def let_go(request: HttpRequest) -> None:
    """Let this browser read none of the questions it has opened."""
    request.session.pop(_HELD, None)
