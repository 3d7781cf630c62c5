"""The table of the cache, in which tries to log in are counted across processes."""

from django.core.management import call_command
from django.db import migrations


def make_table(apps, editor):
    """Make the table."""
    call_command("createcachetable", verbosity=0)


class Migration(migrations.Migration):
    """The table of the cache."""

    dependencies = [("limits", "0001_initial")]
    operations = [migrations.RunPython(make_table, migrations.RunPython.noop)]
