"""`hemiface simulate emg`: a virtual patient on surface EMG, written as EDF+."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from hemiface.types import Side

if TYPE_CHECKING:
    from hemiface.simulate.people.severity import Severity


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--seed", type=click.IntRange(0), required=True, help="Same seed, same patient.")
@click.option(
    "--severity", type=click.Choice(["mild", "moderate", "severe"]), default="moderate",
    show_default=True,
)  # fmt: skip
@click.option(
    "--side", type=click.Choice(["left", "right", "none"]), default="left", show_default=True,
    help="Their own side that has spasms.",
)  # fmt: skip
@click.option(
    "--duration", "duration_s", type=float, default=60.0, show_default=True, metavar="S",
    help="Seconds.",
)  # fmt: skip
@click.option(
    "--rate", "rate_hz", type=float, default=2000.0, show_default=True, metavar="HZ",
    help="Samples a second.",
)  # fmt: skip
@click.option(
    "--mains", type=click.Choice(["50", "60", "0"]), default="0", show_default=True,
    help="Hum of the mains, Hz; 0 for none.",
)  # fmt: skip
def emg(
    out: Path,
    seed: int,
    severity: "Severity",
    side: Side | Literal["none"],
    duration_s: float,
    rate_hz: float,
    mains: str,
) -> None:
    """Write a surface EMG of a virtual patient to OUT.edf, its true spasms as annotations.

    The patient rests and blinks; the same seed has the same spasms on video.
    """
    from hemiface.simulate.emg.edf import check_edf, write_edf
    from hemiface.simulate.emg.pickup import Pickup
    from hemiface.simulate.emg.recording import check_recording, simulate_emg, unseen_build
    from hemiface.simulate.people.habits import draw_habits
    from hemiface.simulate.people.plan import plan_spasms

    check_edf(out)
    check_recording(duration_s, rate_hz)
    schedule = plan_spasms(
        seed,
        side=None if side == "none" else side,
        severity=severity,
        duration_s=duration_s,
        build=unseen_build(),
    )
    made = simulate_emg(
        schedule,
        seed=seed,
        duration_s=duration_s,
        rate_hz=rate_hz,
        blinks=draw_habits(seed, task="rest", duration_s=duration_s).blinks,
        pickup=Pickup(mains_hz=float(mains)),
    )
    write_edf(made, out, patient_code=f"virtual-{seed}")
    click.echo(
        f"{out}: {len(made.spasms)} spasms in {made.duration_s:.1f} s, "
        f"{len(made.channels)} channels at {rate_hz:g} Hz"
    )
