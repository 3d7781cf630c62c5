"""What this app, the audit and the log-in keep about a person."""

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Q, QuerySet

from hemiface_clinic.audit.models import Event
from hemiface_clinic.jobs.models import Job
from hemiface_clinic.people.models import (
    Care,
    Consent,
    EmergencyAccess,
    Invitation,
    Patient,
    User,
)
from hemiface_clinic.people.personal import Holding, Person, declare


def _events(person: Person) -> QuerySet[Event]:
    by_them = Q(actor__in=[f"user:{user}" for user in person.users])
    return Event.objects.filter(Q(patient__in=person.patients) | by_them)


def _letters(person: Person) -> QuerySet[Job]:
    of_records = Patient.objects.filter(pk__in=person.patients).values("email_index")
    theirs = Q(owner__in=of_records) | Q(owner__in=person.addresses)
    return Job.objects.filter(theirs, kind="letter")


def declare_holdings() -> None:
    """Declare the tables."""
    declare(
        Holding("patient", Patient, lambda p: Patient.objects.filter(pk__in=p.patients)),
        Holding(
            "account", User, lambda p: User.objects.filter(pk__in=p.users), hidden=("password",)
        ),
        Holding(
            "e-mail addresses",
            EmailAddress,
            lambda p: EmailAddress.objects.filter(user__in=p.users),
        ),
        Holding(
            "e-mail confirmations",
            EmailConfirmation,
            lambda p: EmailConfirmation.objects.filter(email_address__user__in=p.users),
            hidden=("key",),
        ),
        Holding(
            "second factors",
            Authenticator,
            lambda p: Authenticator.objects.filter(user__in=p.users),
            hidden=("data",),
        ),
        Holding(
            "log-ins",
            UserSession,
            lambda p: UserSession.objects.filter(user__in=p.users),
            hidden=("session_key",),
        ),
        Holding("care team", Care, lambda p: Care.objects.filter(patient__pk__in=p.patients)),
        Holding(
            "emergency access",
            EmergencyAccess,
            lambda p: EmergencyAccess.objects.filter(patient__pk__in=p.patients),
        ),
        Holding(
            "invitations",
            Invitation,
            lambda p: Invitation.objects.filter(patient__pk__in=p.patients),
            hidden=("token_hash",),
        ),
        Holding("consents", Consent, lambda p: Consent.objects.filter(patient__pk__in=p.patients)),
        Holding("letters", Job, _letters, hidden=("token", "payload")),
        Holding(
            "audit",
            Event,
            _events,
            on_erasure="keep",
            why="The law asks who has seen your data. It holds numbers and addresses, no names.",
        ),
    )
