"""What changes people: each in one transaction, with one event in the audit."""

from collections.abc import Sequence
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from hemiface_clinic.audit.actions import SYSTEM, record
from hemiface_clinic.people.letters import write_letter
from hemiface_clinic.people.models import (
    Care,
    Consent,
    EmergencyAccess,
    Invitation,
    Patient,
    Role,
    User,
)
from hemiface_clinic.people.purposes import Purpose
from hemiface_clinic.people.queries import has_account
from hemiface_clinic.people.tokens import hash_token, index_email, new_token

INVITED_FOR = timedelta(days=7)
EMERGENCY_FOR = timedelta(hours=4)


@transaction.atomic
def add_user(
    email: str, name: str, role: Role, password: str | None, *, by: object = SYSTEM
) -> User:
    """Make an account whose address is taken as proven."""
    user = User.objects.create_user(email, password, name=name, role=role)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    record("user.add", user, by=by, role=role)
    return user


@transaction.atomic
def give_second_factor(user: User, *, by: object = SYSTEM) -> Sequence[str]:
    """Give an account a second factor and return its codes; each of them works once."""
    TOTP.activate(user, generate_totp_secret())
    codes: list[str] = RecoveryCodes.activate(user).get_unused_codes()
    record("user.second-factor", user, by=by)
    return codes


@transaction.atomic
def add_patient(name: str, email: str, phone: str, *, by: User) -> Patient:
    """Make a patient whom `by` cares for."""
    patient = Patient.objects.create(
        name=name, email=email, phone=phone, email_index=index_email(email)
    )
    Care.objects.create(patient=patient, user=by)
    record("patient.add", patient, by=by, patient=patient)
    return patient


@transaction.atomic
def invite(
    email: str, name: str, role: Role, *, by: User, patient: Patient | None = None
) -> Invitation:
    """Send somebody the link by which they make their account."""
    token = new_token()
    invitation = Invitation.objects.create(
        token_hash=hash_token(token),
        email=email,
        name=name,
        role=role,
        patient=patient,
        invited_by=by,
        expires_at=timezone.now() + INVITED_FOR,
    )
    write_letter("invitation", email, reverse("accept-invitation", args=[token]))
    record("invitation.send", invitation, by=by, patient=patient, role=role)
    return invitation


@transaction.atomic
def take_back(invitation: Invitation, *, by: User) -> None:
    """Make an invitation useless."""
    Invitation.objects.filter(pk=invitation.pk, used_at=None).update(expires_at=timezone.now())
    record("invitation.take-back", invitation, by=by, patient=invitation.patient)


@transaction.atomic
def invite_again(patient: Patient, *, by: User) -> None:
    """Send a patient a new invitation; the links of older ones open nothing any more."""
    for invitation in Invitation.objects.filter(patient=patient, used_at=None):
        take_back(invitation, by=by)
    invite(patient.email, patient.name, Role.PATIENT, by=by, patient=patient)


def forget_old_invitations() -> None:
    """Delete invitations that nobody can accept any more."""
    Invitation.objects.filter(expires_at__lt=timezone.now() - INVITED_FOR).delete()


@transaction.atomic
def accept_invitation(invitation: Invitation, name: str, password: str) -> User | None:
    """Make the account an invitation is for; None if somebody was quicker."""
    used = Invitation.objects.filter(pk=invitation.pk, used_at=None).update(used_at=timezone.now())
    if not used or has_account(invitation.email):
        return None
    user = add_user(invitation.email, name, Role(invitation.role), password, by=invitation)
    if invitation.patient:
        Patient.objects.filter(pk=invitation.patient.pk).update(user=user)
    return user


@transaction.atomic
def add_to_team(patient: Patient, colleague: User, *, by: User) -> None:
    """Let a colleague care for a patient, too."""
    Care.objects.get_or_create(patient=patient, user=colleague)
    record("patient.team", patient, by=by, patient=patient, colleague=colleague.pk)


@transaction.atomic
def break_glass(patient: Patient, reason: str, *, by: User) -> EmergencyAccess:
    """Open a stranger's data in an emergency, for a short time; administrators are told."""
    access = EmergencyAccess.objects.create(
        patient=patient, user=by, reason=reason, until=timezone.now() + EMERGENCY_FOR
    )
    record("patient.emergency", patient, by=by, patient=patient, access=access.pk)
    for address in User.objects.filter(role=Role.ADMINISTRATOR).values_list("email", flat=True):
        write_letter("security", address, reverse("audit"))
    return access


@transaction.atomic
def set_active(user: User, *, active: bool, by: User) -> None:
    """Open or close an account; closing ends its sessions at the next request."""
    User.objects.filter(pk=user.pk).update(is_active=active)
    record("user.open" if active else "user.close", user, by=by)


@transaction.atomic
def give_consent(patient: Patient, purpose: Purpose, *, by: User) -> None:
    """Note that a patient agrees."""
    known = Consent.objects.filter(patient=patient, purpose=purpose.name, withdrawn_at=None)
    if not known.filter(version=purpose.version).exists():
        Consent.objects.create(patient=patient, purpose=purpose.name, version=purpose.version)
    record("consent.give", patient, by=by, patient=patient, purpose=purpose.name)


@transaction.atomic
def withdraw_consent(patient: Patient, purpose: Purpose, *, by: User) -> None:
    """Note that a patient no longer agrees."""
    agreed = Consent.objects.filter(patient=patient, purpose=purpose.name, withdrawn_at=None)
    agreed.update(withdrawn_at=timezone.now())
    record("consent.withdraw", patient, by=by, patient=patient, purpose=purpose.name)
