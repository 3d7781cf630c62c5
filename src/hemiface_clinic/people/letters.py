"""Letters: they carry a link and never content; posted by the worker, tried again if it fails."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from hemiface_clinic.card import shown_card
from hemiface_clinic.jobs.actions import enqueue
from hemiface_clinic.jobs.models import Job
from hemiface_clinic.people.tokens import index_email

LETTERS = (
    "asked",
    "answered",
    "more",
    "link",
    "invitation",
    "security",
    "reset",
    "confirm",
    "changed",
    "call",
)


def write_letter(
    letter: str, to: str, path: str, *, language: str = "en", reference: str = ""
) -> None:
    """Put a letter into the queue, in the transaction that is open.

    Parameters
    ----------
    letter : str
        One of `LETTERS`: the template of its words.
    to : str
        Address it goes to.
    path : str
        Where its link leads, below the public address.
    language : str, optional
        Language of its words.
    reference : str, optional
        Reference of the question, shown in the subject.
    """
    if letter not in LETTERS:
        raise ValueError(f"letter must be one of {', '.join(LETTERS)}; got {letter!r}")
    payload = {"letter": letter, "to": to, "path": path, "language": language, "ref": reference}
    enqueue("letter", payload, owner=index_email(to))  # by which they are erased


def post_letter(job: Job) -> None:
    """Hand a letter to the mail server."""
    payload = job.payload
    with translation.override(payload["language"]):
        words = render_to_string(
            f"letters/{payload['letter']}.txt",
            {
                "card": shown_card(),
                "url": f"{settings.PUBLIC_URL}{payload['path']}",
                "reference": payload["ref"],
            },
        )
    subject, _, body = words.strip().partition("\n")
    EmailMessage(subject, body.strip() + "\n", to=[payload["to"]]).send()
