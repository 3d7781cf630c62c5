"""`hemiface user`: the accounts of the clinic."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Column, Table

from hemiface.errors import ConventionError
from hemiface_clinic.cli.site import data_option, open_or_make_site, open_site

if TYPE_CHECKING:
    from hemiface_clinic.people.models import User

ROLES = ("patient", "nurse", "doctor", "administrator")


@click.group()
def user() -> None:
    """Add and list accounts."""


@user.command("add")
@click.argument("email")
@click.option("--name", required=True, help="Name of the person.")
@click.option("--role", type=click.Choice(ROLES), required=True, help="What they are here.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@data_option
def add(email: str, *, name: str, role: str, password_stdin: bool, data: Path) -> None:
    """Add an account with this E-MAIL; the password is asked for.

    People of the clinic set up their second factor when they log in for the first time.
    """
    open_or_make_site(data)
    from hemiface_clinic.people.actions import add_user
    from hemiface_clinic.people.models import Role, User

    person = User(email=email, name=name, role=role)
    _check_person(person)
    password = _read_password(from_stdin=password_stdin)
    _check_password(password, person)
    add_user(email, name, Role(role), password)
    click.echo(f"{name} can log in as {email.lower()}.")


@user.command("list")
@data_option
def list_users(data: Path) -> None:
    """List the accounts."""
    open_site(data)
    from allauth.mfa.utils import is_mfa_enabled

    from hemiface_clinic.people.models import User

    columns = (Column(name, overflow="fold") for name in ("E-mail", "Name", "Role"))
    table = Table(*columns, "Open", "Second factor")
    for person in User.objects.order_by("role", "email"):
        is_open = "yes" if person.is_active else "no"
        factor = "yes" if is_mfa_enabled(person) else "no"
        table.add_row(person.email, person.name, person.role, is_open, factor)
    Console().print(table)


def _check_person(person: "User") -> None:
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    try:
        validate_email(person.email)
    except ValidationError as problem:
        raise ConventionError(
            f"EMAIL must be an e-mail address; it is {person.email!r}. Give it as name@example.org."
        ) from problem
    if type(person).objects.filter(email=person.email.lower()).exists():
        raise ConventionError(
            f"EMAIL must be new; {person.email} has an account. `hemiface user list` shows it."
        )


def _read_password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password


def _check_password(password: str, person: "User") -> None:
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    try:
        validate_password(password, person)
    except ValidationError as problem:
        raise ConventionError(
            f"The password must be hard to guess; it is not: {' '.join(problem.messages)} "
            "Choose three or four words that do not belong together."
        ) from problem
