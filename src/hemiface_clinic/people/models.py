"""People and what ties them together."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from hemiface_clinic.vault.fields import SealedText


class Role(models.TextChoices):
    """What a person is in this clinic."""

    PATIENT = "patient", _("Patient")
    NURSE = "nurse", _("Nurse")
    DOCTOR = "doctor", _("Doctor")
    ADMINISTRATOR = "administrator", _("Administrator")


STAFF = (Role.NURSE, Role.DOCTOR, Role.ADMINISTRATOR)
CLINICAL = (Role.NURSE, Role.DOCTOR)


class UserManager(BaseUserManager["User"]):
    """Makes accounts."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make an account; without a password nobody can log in with one."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """Somebody who can log in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    email = models.EmailField(_("E-mail"), unique=True)
    name = models.CharField(_("Name"), max_length=120)
    role = models.CharField(_("Role"), max_length=15, choices=Role)
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    def __str__(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        """Whether they work in the clinic."""
        return self.role in STAFF

    @property
    def is_clinical(self) -> bool:
        """Whether they treat patients."""
        return self.role in CLINICAL


class Patient(models.Model):
    """Somebody the clinic cares for; may have an account, or not."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.OneToOneField(User, models.SET_NULL, null=True, related_name="patient")
    name = SealedText()
    email = SealedText()
    phone = SealedText()
    email_index = models.CharField(max_length=64, db_index=True)
    made_at = models.DateTimeField(auto_now_add=True)
    team = models.ManyToManyField(User, through="Care", related_name="patients")

    def __str__(self) -> str:
        return f"patient {self.pk}"


class Care(models.Model):
    """A doctor or nurse who cares for a patient, and so may see their data."""

    patient = models.ForeignKey(Patient, models.CASCADE)
    user = models.ForeignKey(User, models.CASCADE)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        """One row for a pair."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["patient", "user"], name="one_care")
        ]

    def __str__(self) -> str:
        return f"care of {self.patient_id} by {self.user_id}"


class EmergencyAccess(models.Model):
    """The glass that was broken: access to a stranger's data, with a reason, for a short time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    patient = models.ForeignKey(Patient, models.CASCADE)
    user = models.ForeignKey(User, models.CASCADE)
    reason = SealedText()
    at = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"emergency access until {self.until}"


class Invitation(models.Model):
    """A letter by which somebody makes their account; its link works once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    token_hash = models.CharField(max_length=64, unique=True)
    email = SealedText()
    name = SealedText()
    role = models.CharField(max_length=15, choices=Role)
    patient = models.ForeignKey(Patient, models.CASCADE, null=True)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"invitation of a {self.role}"


class Consent(models.Model):
    """What a patient agreed to: for one purpose, in one version of the words."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=20)
    version = models.CharField(max_length=10)
    given_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"consent to {self.purpose}"
