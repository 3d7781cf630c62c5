"""`hemiface simulate mri`: pictures of a nerve and a vessel whose distance is known."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from hemiface.simulate.mri import Phantom, Tier


@click.command()
@click.argument("out_dir", type=click.Path(path_type=Path))
@click.option("--seed", type=click.IntRange(min=0), help="Same seed, same phantom.")
@click.option(
    "--tier",
    type=click.Choice(["standard", "hard", "attached"]),
    help="How hard to measure; standard if not given.",
)
@click.option("--case", metavar="NAME", help="One of the gallery, in place of --seed; `list`: all.")
@click.option("--side", type=click.Choice(["left", "right", "both"]), help="Their own side.")
@click.option("--no-tof", is_flag=True, help="T2 alone.")
@click.option("--snr", type=float, metavar="N", help="Fluid over noise.")
@click.option(
    "--clearance",
    "clearance_mm",
    type=float,
    metavar="MM",
    help="Gap between vessel and nerve; below 0 it indents.",
)
@click.option(
    "--site", type=click.Choice(["root_exit", "attached", "detachment", "cisternal", "meatal"])
)
@click.option("--vessel", type=click.Choice(["artery", "vertebral", "vein"]))
@click.option("--mass", type=click.Choice(["meatus", "porus", "angle"]), help="Where one grows.")
@click.option("--mass-kind", type=click.Choice(["schwannoma", "meningioma", "epidermoid", "cyst"]))
@click.option("--mass-mm", type=float, metavar="MM", help="Its diameter.")
@click.option("--dicom", is_flag=True, help="Write the pictures as DICOM too.")
@click.option("--picture", is_flag=True, help="Write a page with both pictures and the truth.")
def mri(
    out_dir: Path, seed: int | None, tier: "Tier | None", case: str | None, **options: Any
) -> None:  # fmt: skip
    """Write a phantom of the cerebellopontine angle to OUT_DIR: t2.nii.gz, tof.nii.gz, truth.json.

    It is drawn by a computer: it proves the software, not the medicine.
    """
    from hemiface.simulate.mri import plot_phantom, write_phantom

    if case == "list":
        click.echo(_listed())
        return
    dicom, picture = options.pop("dicom"), options.pop("picture")
    phantom = _make(seed, tier, case, options)
    write_phantom(out_dir, phantom)
    if dicom:
        _write_series(out_dir, phantom)
    if picture:
        plot_phantom(phantom, out_dir / "phantom.png", through="mass")
    for line in _summary(phantom):
        click.echo(line)
    click.echo(f"  written: {out_dir}")


def _listed() -> str:
    from hemiface.simulate.mri import GALLERY

    return "\n".join(f"{name:18} {case.shows}" for name, case in GALLERY.items())


def _make(
    seed: int | None, tier: "Tier | None", case: str | None, options: dict[str, Any]
) -> "Phantom":
    from hemiface.simulate.mri import PhantomOptions, simulate_gallery, simulate_mri

    given = {name: value for name, value in options.items() if value not in (None, False)}
    if case is not None:
        if given or seed is not None or tier is not None:
            raise click.UsageError("A case of the gallery is as it is. Leave other options out.")
        return simulate_gallery(case)
    if seed is None:
        raise click.UsageError("Give either --seed N or --case NAME, as in --seed 1.")
    with_tof = not given.pop("no_tof", False)
    if given.get("side") == "both":
        given |= {"sides": "both", "side": None}
    asked = PhantomOptions(with_tof=with_tof, **given)
    return simulate_mri(seed, tier or "standard", options=asked)


def _write_series(out_dir: Path, phantom: "Phantom") -> None:
    from hemiface.simulate.mri import write_dicom

    truth, seed = phantom.truth, phantom.seed
    write_dicom(out_dir / "dicom" / "t2", phantom.t2, kind="t2", seed=seed, acquired_mm=truth.t2_mm)
    if phantom.tof is not None:
        folder = out_dir / "dicom" / "tof"
        write_dicom(folder, phantom.tof, kind="tof", seed=seed, acquired_mm=truth.tof_mm)


def _summary(phantom: "Phantom") -> list[str]:
    lines = []
    for one in phantom.truth.sides:
        masses = "; ".join(f"{mass.kind} of {mass.diameter_mm:.1f} mm" for mass in one.masses)
        lines.append(
            f"{one.side}: gap {one.distance_mm:.2f} mm to the {one.vessels[one.nearest].kind}, "
            f"{one.site.replace('_', ' ')} at {one.at_s_mm:.1f} mm, grade {one.grade}"
            + (f"; {masses}" if masses else "")
        )
    return lines
