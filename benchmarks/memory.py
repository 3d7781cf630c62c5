"""Peak memory of the whole command, on a short and a long clip."""

import subprocess
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from benchmarks.cases import Tell
from benchmarks.clips import OUT, loop_clip, speed_clip
from benchmarks.results import Row, Table, Target
from benchmarks.speed import measure_command
from hemiface.errors import HemifaceError

if TYPE_CHECKING:
    import psutil

_SAMPLE_S = 0.05
_MB = 2**20
_ONE_S = 60.0


def measure_memory(minutes: tuple[int, int], tell: Tell) -> Table:
    """Return the peak memory on clips of two lengths, the same minute over and over."""
    peaks_mb = []
    for length in minutes:
        clip = loop_clip(speed_clip(_ONE_S), length)
        tell(f"memory: {length} min")
        peaks_mb.append(peak_memory_mb(measure_command(clip, OUT / "report")))
    short, long = minutes
    rows = (
        Row(f"peak on {short} min, MB", peaks_mb[0]),
        Row(f"peak on {long} min, MB", peaks_mb[1], Target(1000.0, at_least=False)),
        Row(f"{long} min over {short} min", peaks_mb[1] / peaks_mb[0], Target(1.2, at_least=False)),
    )
    note = "Resident memory of `hemiface measure` and its children together, at its highest."
    return Table("Memory", note, (), rows)


def peak_memory_mb(command: Sequence[str]) -> float:
    """Run a command; return the peak resident memory of it and its children together, in MB.

    Raises
    ------
    HemifaceError
        If the command fails.
    """
    import psutil

    peak = 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as running:
        root = psutil.Process(running.pid)
        while running.poll() is None:
            peak = max(peak, _resident(root))
            time.sleep(_SAMPLE_S)
        complaint = running.stderr.read().decode() if running.stderr else ""
    if running.returncode:
        raise HemifaceError(f"`{' '.join(command)}` failed: {complaint.strip()}")
    return peak / _MB


def _resident(root: "psutil.Process") -> int:
    import psutil

    try:
        return sum(one.memory_info().rss for one in (root, *root.children(recursive=True)))
    except psutil.NoSuchProcess:  # it ended while it was looked at
        return 0
