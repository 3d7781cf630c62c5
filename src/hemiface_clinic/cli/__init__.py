"""The commands of the clinic: serve it, its accounts and people, its audit, its keys, its backups.

Importing this imports no Django; a command sets it up when it runs.
"""

import click

from hemiface_clinic.cli.audit import audit
from hemiface_clinic.cli.backups import backup, restore
from hemiface_clinic.cli.keys import keys
from hemiface_clinic.cli.people import person
from hemiface_clinic.cli.serve import demo, serve
from hemiface_clinic.cli.users import user

COMMANDS: tuple[click.Command, ...] = (serve, demo, user, person, audit, keys, backup, restore)
"""The commands, for the program to add."""
