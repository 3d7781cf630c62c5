"""What this app, the audit and the log-in keep about a patient."""

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Q, QuerySet

from hemiface_clinic.audit.models import Event
from hemiface_clinic.jobs.models import Job
from hemiface_clinic.people.letters import owner_of_letters
from hemiface_clinic.people.models import (
    Care,
    Consent,
    EmergencyAccess,
    Invitation,
    Patient,
    User,
)
from hemiface_clinic.people.personal import Holding, declare
from hemiface_clinic.people.queries import records_of


def _events(patient: Patient) -> QuerySet[Event]:
    about = Q(patient=str(patient.pk))
    by_them = Q(actor=f"user:{patient.user_id}")
    return Event.objects.filter(about | by_them if patient.user_id else about)


def declare_holdings() -> None:
    """Declare the tables."""
    declare(
        Holding("patient", Patient, records_of),
        Holding(
            "account",
            User,
            lambda p: User.objects.filter(patient=p),
            hidden=("password",),
        ),
        Holding(
            "e-mail addresses", EmailAddress, lambda p: EmailAddress.objects.filter(user=p.user_id)
        ),
        Holding(
            "e-mail confirmations",
            EmailConfirmation,
            lambda p: EmailConfirmation.objects.filter(email_address__user=p.user_id),
            hidden=("key",),
        ),
        Holding(
            "second factors",
            Authenticator,
            lambda p: Authenticator.objects.filter(user=p.user_id),
            hidden=("data",),
        ),
        Holding(
            "log-ins",
            UserSession,
            lambda p: UserSession.objects.filter(user=p.user_id),
            hidden=("session_key",),
        ),
        Holding("care team", Care, lambda p: Care.objects.filter(patient__in=records_of(p))),
        Holding(
            "emergency access",
            EmergencyAccess,
            lambda p: EmergencyAccess.objects.filter(patient__in=records_of(p)),
        ),
        Holding(
            "invitations",
            Invitation,
            lambda p: Invitation.objects.filter(patient__in=records_of(p)),
            hidden=("token_hash",),
        ),
        Holding("consents", Consent, lambda p: Consent.objects.filter(patient__in=records_of(p))),
        Holding(
            "letters",
            Job,
            lambda p: Job.objects.filter(owner=owner_of_letters(p.email)),
            hidden=("token", "payload"),
        ),
        Holding(
            "audit",
            Event,
            _events,
            on_erasure="keep",
            why="The law asks who has seen your data. It holds numbers and addresses, no names.",
        ),
    )
