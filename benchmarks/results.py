"""Tables of what was reached beside what was asked and what the baselines reach, as Markdown."""

import math
import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

PATH = Path(__file__).with_name("RESULTS.md")
_PACKAGES = ("hemiface", "ai-edge-litert", "av", "numpy", "opencv-python-headless", "scipy")
_SITE_PACKAGES = ("hemiface", "django", "django-allauth", "granian", "psycopg")


@dataclass(frozen=True)
class Target:
    """What is asked for: at least or at most a value."""

    value: float
    at_least: bool = True

    def met(self, reached: float) -> bool:
        """Return whether a value reaches it; what is not known does not."""
        return reached >= self.value if self.at_least else reached <= self.value

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.value:g}"


@dataclass(frozen=True)
class Row:
    """One number: what it is, what is asked, what was reached, and by the others.

    Attributes
    ----------
    what : str
        With its unit.
    ours : float
    target : Target or None
    others : tuple of float
        What each peer reaches, in the order of the table's columns; NaN where it cannot say.
    n : str
        On how much it rests.
    """

    what: str
    ours: float
    target: Target | None = None
    others: tuple[float, ...] = ()
    n: str = ""


@dataclass(frozen=True)
class Table:
    """Rows that belong together.

    Attributes
    ----------
    title, note : str
    peers : tuple of str
        Names of the columns beside ours.
    rows : tuple of Row
    """

    title: str
    note: str
    peers: tuple[str, ...]
    rows: tuple[Row, ...]


def write_results(tables: Sequence[Table], remarks: Sequence[str], path: Path = PATH) -> None:
    """Write all tables with the date, the versions and the machine."""
    preface = _preface("make bench", _PACKAGES)
    simulated = "- Simulated truth proves the software, not the medicine."
    _write("# What hemiface reaches", f"{preface}\n{simulated}", tables, remarks, path)


def write_patient_results(tables: Sequence[Table], remarks: Sequence[str], path: Path) -> None:
    """Write the tables of the virtual patients, with the picture beside them."""
    preface = _preface("make bench-accuracy", _PACKAGES)
    told = (
        "- Simulated truth proves the software, not the medicine.\n\n"
        "![F1 against amplitude, frame rate and yaw](accuracy.png)"
    )
    _write("# Accuracy on virtual patients", f"{preface}\n{told}", tables, remarks, path)


def write_course_results(tables: Sequence[Table], remarks: Sequence[str], path: Path) -> None:
    """Write the tables of simulated years."""
    preface = _preface("make bench-course", ("hemiface", "numpy", "scipy", "statsmodels"))
    simulated = "- Simulated truth proves the software, not the medicine."
    _write("# What the years tell", f"{preface}\n{simulated}", tables, remarks, path)


def write_mri_results(tables: Sequence[Table], remarks: Sequence[str], path: Path) -> None:
    """Write the tables of the phantoms."""
    preface = _preface("make bench-mri", ("hemiface", "numpy", "scipy", "simpleitk"))
    simulated = "- Phantoms prove the software, not the medicine."
    _write("# What the MRI measurement reaches", f"{preface}\n{simulated}", tables, remarks, path)


def write_site_results(tables: Sequence[Table], remarks: Sequence[str], path: Path) -> None:
    """Write the tables of the website with the date, the versions and the machine."""
    preface = _preface("make bench-web", _SITE_PACKAGES)
    _write("# What the website reaches", preface, tables, remarks, path)


def write_kill_results(tables: Sequence[Table], path: Path) -> None:
    """Write what became of jobs whose workers were killed."""
    preface = _preface("make bench-kill", ("hemiface", "django", "psycopg"))
    told = (
        "- Workers killed with SIGKILL at random moments; leases of one second instead of thirty."
    )
    _write("# What a killed worker loses", f"{preface}\n{told}", tables, [], path)


def write_upload_results(tables: Sequence[Table], path: Path) -> None:
    """Write what became of a large upload."""
    preface = _preface("make bench-upload", ("hemiface", "django"))
    _write("# What a large upload costs", preface, tables, [], path)


def write_bomb_results(tables: Sequence[Table], path: Path) -> None:
    """Write what became of files made to break a server."""
    preface = _preface("make bench-bombs", ("hemiface", "av", "pydicom"))
    _write("# What hostile files cost", preface, tables, [], path)


def _write(
    title: str, preface: str, tables: Sequence[Table], remarks: Sequence[str], path: Path
) -> None:
    parts = [title, preface, *map(_table, tables)]
    if remarks:
        parts += ["## Remarks", "\n".join(f"- {remark}" for remark in remarks)]
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _preface(command: str, names: Sequence[str]) -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in names)
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"Written by `{command}`; nothing here is edited by hand.\n\n"
        f"- {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {packages}\n"
        f"- {os.cpu_count()} cores ({platform.machine()}), {memory_gb:.0f} GB, "
        f"{platform.system()}, load average at the end {os.getloadavg()[1]:.1f} "
        "(other work on the same cores makes every speed lower)"
    )


def _table(table: Table) -> str:
    head = ["", "asked", "**hemiface**", "", *table.peers]
    head += ["margin"] if table.peers else []
    head += ["on"]
    lines = [_line(head), _line(["---"] * len(head))]
    lines += [_line(_cells(row, table.peers)) for row in table.rows]
    return f"## {table.title}\n\n{table.note}\n\n" + "\n".join(lines)


def _cells(row: Row, peers: Sequence[str]) -> Iterable[str]:
    others = [*row.others, *[math.nan] * (len(peers) - len(row.others))]
    cells = [row.what, str(row.target or ""), f"**{_say(row.ours)}**", _verdict(row)]
    cells += [_say(other) for other in others]
    cells += [_margin(row, others)] if peers else []
    return [*cells, row.n]


def _verdict(row: Row) -> str:
    if row.target is None:
        return ""
    if math.isnan(row.ours):
        return "not known"
    return "reached" if row.target.met(row.ours) else "**missed**"


def _margin(row: Row, others: Sequence[float]) -> str:
    """Say how far ahead of the best of the others ours is; a minus says behind."""
    known = [other for other in others if math.isfinite(other)]
    if row.target is None or not known or math.isnan(row.ours):
        return ""
    best = max(known) if row.target.at_least else min(known)
    return f"{row.ours - best if row.target.at_least else best - row.ours:+.2f}"


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _say(value: float) -> str:
    if not math.isfinite(value):
        return "–"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
