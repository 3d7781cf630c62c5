"""`hemiface audit`: whether anybody touched the audit, and handing it over."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from hemiface_clinic.cli.site import data_option, open_site

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def audit() -> None:
    """Check and export who did what with whose data."""


@audit.command()
@data_option
def verify(data: Path) -> None:
    """Check that no event of the audit was changed, moved, added or removed."""
    open_site(data)
    from hemiface_clinic.audit.models import Event
    from hemiface_clinic.audit.queries import find_faults

    faults = list(find_faults())
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        raise click.exceptions.Exit(1)
    click.echo(f"The audit is whole: {Event.objects.count()} events fit.")


@audit.command()
@click.option("--from", "first", type=_DAY, help="First day (UTC).  [default: the very first]")
@click.option("--to", "last", type=_DAY, help="Last day (UTC).  [default: today]")
@data_option
def export(first: datetime | None, last: datetime | None, data: Path) -> None:
    """Print the events of some days, each as one line of JSON."""
    open_site(data)
    from hemiface_clinic.audit.actions import SYSTEM, record

    n_events = 0
    for line in _lines(first, last):
        click.echo(line)
        n_events += 1
    record("audit.export", "audit", by=SYSTEM, events=n_events)


def _lines(first: datetime | None, last: datetime | None) -> Iterator[str]:
    from hemiface_clinic.audit.models import Event

    events = Event.objects.order_by("seq")
    if first is not None:
        events = events.filter(at__gte=first.replace(tzinfo=UTC))
    if last is not None:
        events = events.filter(at__lt=last.replace(tzinfo=UTC) + timedelta(days=1))
    for event in events.values().iterator(chunk_size=1000):
        line = {**event, "at": event["at"].isoformat()}
        yield json.dumps(line, ensure_ascii=False)
