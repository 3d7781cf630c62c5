"""A measurement of the MRI as one self-contained page."""

from importlib.metadata import version

from hemiface.mri.results import MriFound, SideFound
from hemiface.mri.writing import NOTICE
from hemiface.report.mri_page.pictures import as_data_uri, draw_side
from hemiface.report.mri_page.profile import draw_profile
from hemiface.report.mri_page.wording import (
    NO_MASS,
    UNSCREENED,
    say_mass,
    say_numbers,
    say_side,
)
from hemiface.report.page import font_faces, read_asset
from hemiface.volume import Volume


def mri_html(found: MriFound, t2: Volume, tof: Volume | None = None) -> str:
    """Return the page of a measurement.

    Parameters
    ----------
    found : MriFound
    t2, tof : Volume
        What was measured.

    Raises
    ------
    OutputError
        If the fonts were not built.
    """
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda file: read_asset(f"mri_page/{file}")),
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    return environment.get_template("mri.html.j2").render(
        version=version("hemiface"),
        style=font_faces() + read_asset("mri_page/mri.css"),
        doubts=[one.sentence for one in found.doubts],
        sides=[_side(found, one, t2, tof) for one in found.sides],
        notice=NOTICE,
    )


def _side(found: MriFound, side: SideFound, t2: Volume, tof: Volume | None) -> dict[str, object]:
    is_refused = found.is_refused
    other = next((one for one in found.sides if one is not side), None)
    name = side.side.capitalize()
    return {
        "name": name,
        "answer": say_side(side, is_refused=is_refused).removeprefix(f"{name}: ").capitalize(),
        "numbers": [] if is_refused else list(say_numbers(side)),
        "profile": "" if is_refused else draw_profile(side, other),
        "picture": as_data_uri(draw_side(t2, tof, found.tof_pose, side)),
        "masses": [say_mass(one) for one in side.masses] or [UNSCREENED if is_refused else NO_MASS],
    }
