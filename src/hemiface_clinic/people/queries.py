"""Who may see whom. Every look-up of a patient's data goes through here."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from hemiface_clinic.audit.actions import record
from hemiface_clinic.people.models import Consent, EmergencyAccess, Invitation, Patient, Role, User
from hemiface_clinic.people.tokens import hash_token, index_email


def patients_for(user: User) -> QuerySet[Patient]:
    """Return the patients whose data a user may see.

    A patient sees themselves; doctors and nurses those they care for, and those for whom they
    broke the glass; an administrator sees nobody's.
    """
    if user.role == Role.PATIENT:
        own = Patient.objects.filter(user=user).first()
        return records_of(own) if own else Patient.objects.none()
    if user.is_clinical:
        broken = EmergencyAccess.objects.filter(user=user, until__gt=timezone.now())
        seen = Q(care__user=user) | Q(pk__in=broken.values("patient"))
        return Patient.objects.filter(seen).distinct()
    return Patient.objects.none()


def patient_for(user: User, pk: Any) -> Patient:
    """Return one patient a user may see; otherwise the same answer as if there were none."""
    return get_object_or_404(patients_for(user), pk=pk)


def read_patients(user: User) -> list[Patient]:
    """Return the patients a user may see, by name, and note that they looked."""
    patients = sorted(patients_for(user), key=lambda patient: patient.name.casefold())
    record("patients.read", "patients", by=user, n=len(patients))
    return patients


def read_patient(user: User, pk: Any) -> Patient:
    """Return one patient a user may see, and note that they looked."""
    patient = patient_for(user, pk)
    record("patient.read", patient, by=user, patient=patient)
    return patient


def records_of(patient: Patient) -> QuerySet[Patient]:
    """Return all records of one person: those of the address that their account has proven."""
    own = Q(pk=patient.pk)
    if is_proven(patient):
        own |= Q(email_index=patient.email_index, user=None)
    return Patient.objects.filter(own)


def is_proven(patient: Patient) -> bool:
    """Whether a patient has an account whose address is that of their record."""
    return patient.user is not None and index_email(patient.user.email) == patient.email_index


def colleagues() -> QuerySet[User]:
    """Return the doctors and nurses who can be given a question or a patient."""
    return User.objects.filter(role__in=(Role.DOCTOR, Role.NURSE), is_active=True).order_by("name")


def colleague_or_404(pk: str) -> User:
    """Return the doctor or nurse somebody chose in a form."""
    try:
        return get_object_or_404(colleagues(), pk=UUID(pk))
    except ValueError:
        raise Http404 from None


def everybody() -> QuerySet[User]:
    """Return all who work here and all patients with an account, for the administrator."""
    return User.objects.order_by("role", "name")


def has_account(email: str) -> bool:
    """Whether somebody can log in with an address."""
    return User.objects.filter(email=email.strip().lower()).exists()


def staff_invitations() -> QuerySet[Invitation]:
    """Return the invitations of people who are to work here and have not answered yet."""
    return Invitation.objects.filter(
        patient=None, used_at=None, expires_at__gt=timezone.now()
    ).order_by("made_at")


def open_invitation(token: str, now: datetime | None = None) -> Invitation | None:
    """Return the invitation a link belongs to, if it can still be used."""
    return (
        Invitation.objects.filter(
            token_hash=hash_token(token), used_at=None, expires_at__gt=now or timezone.now()
        )
        .exclude(invited_by__is_active=False)
        .first()
    )


def has_consented(patient: Patient, purpose: str) -> bool:
    """Whether a patient agrees to a purpose now."""
    return patient.consents.filter(purpose=purpose, withdrawn_at=None).exists()


def consents_of(patient: Patient) -> dict[str, Consent]:
    """Return the consents in force, by purpose."""
    return {consent.purpose: consent for consent in patient.consents.filter(withdrawn_at=None)}


def patients_with(email: str) -> QuerySet[Patient]:
    """Return the patients with an exact address, whoever cares for them."""
    return Patient.objects.filter(email_index=index_email(email))


def patient_by_email(email: str, *, by: User) -> Patient | None:
    """Return the patient with an exact address, and note who asked."""
    patient = patients_with(email).first()
    record("patient.find", "patient", by=by, patient=patient or "")
    return patient
