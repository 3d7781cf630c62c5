"""What the camera, the place and the resting face add to a patient: the confounders of a benchmark.

A scene is written as names and numbers with commas between, such as ``glasses,yaw_deg=15``; the
plain scene adds nothing. All strengths are our choice: they are meant to be met in ordinary home
videos.
"""

from dataclasses import asdict, dataclass, fields
from types import MappingProxyType
from typing import Literal

from hemiface.errors import ConventionError
from hemiface.types import Side


@dataclass(frozen=True)
class Scene:
    """What is added to a patient on video; every default adds nothing.

    Attributes
    ----------
    light_drift, light_step : float
        Share by which the light swings slowly, and by which it jumps once.
    low_light : float
        How dark it is, 0 to 1: darker, noisier and softer pictures.
    glasses : bool
        Whether the person wears glasses.
    crf : int
        Compression of x264: 23 is an ordinary phone, 35 a poor video call.
    shake_mm : float
        Standard deviation of the movement of a hand-held camera, at the face.
    uneven_side : "left" or "right"
        The person's own side that the next four belong to.
    opening_percent : float
        How much wider (or narrower, below zero) that eye is at rest.
    ptosis_mm : float
        How far its upper lid hangs.
    droop_mm : float
        How far its mouth corner hangs.
    weakness : float
        Share of voluntary movement and of blinking that is lost on that side; spasms keep theirs.
    yaw_deg, pitch_deg, roll_deg : float
        How the head is held: yaw to the person's left, pitch up, roll crown to their right.
    jitter : float
        How irregular frame times are: largest deviation, in intervals between frames.
    dropped : float
        Share of the frames that are missing.
    rotation_deg : 0, 90, 180 or 270
        How the stored picture must be turned, counter-clockwise, to be upright; the file says so.
    width, height : int
        Size of the upright picture, px, with the portrait in its middle; 0 for the portrait alone.
    """

    light_drift: float = 0.0
    light_step: float = 0.0
    low_light: float = 0.0
    glasses: bool = False
    crf: int = 23
    shake_mm: float = 0.0
    uneven_side: Side = "left"
    opening_percent: float = 0.0
    ptosis_mm: float = 0.0
    droop_mm: float = 0.0
    weakness: float = 0.0
    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    roll_deg: float = 0.0
    jitter: float = 0.0
    dropped: float = 0.0
    rotation_deg: Literal[0, 90, 180, 270] = 0
    width: int = 0
    height: int = 0

    def __post_init__(self) -> None:
        for name, (low, high) in _RANGES.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise ConventionError(
                    f"{name} of a scene must be from {low:g} to {high:g}; got {value:g}. "
                    "Give a value in that range."
                )
        for name, allowed in _CHOICES.items():
            if getattr(self, name) not in allowed:
                raise ConventionError(
                    f"{name} of a scene must be one of {', '.join(map(str, allowed))}; "
                    f"got {getattr(self, name)!r}. Choose one of them."
                )
        if (self.width > 0) != (self.height > 0):
            raise ConventionError(
                f"A scene must give both width and height or neither; got {self.width} and "
                f"{self.height}. Give both."
            )

    def __str__(self) -> str:
        """Return it as `parse_scene` reads it; "plain" where it adds nothing."""
        plain = asdict(Scene())
        told = [f"{k}={_as_text(v)}" for k, v in asdict(self).items() if v != plain[k]]
        return ",".join(told) or "plain"


_RANGES: dict[str, tuple[float, float]] = {
    "light_drift": (0.0, 0.5),
    "light_step": (-0.7, 0.7),
    "low_light": (0.0, 1.0),
    "crf": (0, 45),
    "shake_mm": (0.0, 10.0),
    "opening_percent": (-40.0, 25.0),
    "ptosis_mm": (0.0, 5.0),
    "droop_mm": (0.0, 6.0),
    "weakness": (0.0, 1.0),
    "yaw_deg": (-20.0, 20.0),
    "pitch_deg": (-12.0, 12.0),
    "roll_deg": (-20.0, 20.0),
    "jitter": (0.0, 0.45),
    "dropped": (0.0, 0.5),
    "width": (0, 4096),
    "height": (0, 4096),
}
_CHOICES: dict[str, tuple[object, ...]] = {
    "uneven_side": ("left", "right"),
    "rotation_deg": (0, 90, 180, 270),
}

SCENES = MappingProxyType(
    {
        "plain": Scene(),
        "glasses": Scene(glasses=True),
        "low_light": Scene(low_light=0.7),
        "light_drift": Scene(light_drift=0.25),
        "light_step": Scene(light_step=-0.4),
        "compressed": Scene(crf=35),
        "handheld": Scene(shake_mm=2.0),
        "uneven_eyes": Scene(opening_percent=-20.0),
        "ptosis": Scene(ptosis_mm=2.0),
        "palsy": Scene(opening_percent=15.0, droop_mm=3.0, weakness=0.6),
        "turned": Scene(yaw_deg=15.0),
        "variable": Scene(jitter=0.35, dropped=0.08),
        "sideways": Scene(rotation_deg=90),
        "landscape": Scene(width=1280, height=720),
        "uhd": Scene(width=3840, height=2160),
        "phone": Scene(
            low_light=0.25, shake_mm=1.0, crf=28, jitter=0.2, dropped=0.02, pitch_deg=6.0
        ),
    }
)
"""Scenes that have a name."""


def parse_scene(text: str) -> Scene:
    """Return the scene of a text such as ``low_light,yaw_deg=15,uneven_side=right``.

    Parameters
    ----------
    text : str
        Names of `SCENES` and single settings, with commas between; later ones rule.

    Raises
    ------
    ConventionError
        If a name is unknown or a value cannot be used.
    """
    plain, asked = asdict(Scene()), asdict(Scene())
    for part in filter(None, (part.strip() for part in text.split(","))):
        if "=" in part:
            name, value = part.split("=", 1)
            asked[name] = _as_value(name, value)
        else:
            named = asdict(_named(part))
            asked |= {name: value for name, value in named.items() if value != plain[name]}
    return Scene(**asked)


def _named(name: str) -> Scene:
    if name not in SCENES:
        raise ConventionError(
            f"A scene must be made of {', '.join(SCENES)}, or settings like yaw_deg=15; "
            f"got {name!r}. Choose among them."
        )
    return SCENES[name]


def _as_value(name: str, text: str) -> float | int | bool | str:
    kinds = {field.name: type(field.default) for field in fields(Scene)}
    if name not in kinds:
        raise ConventionError(
            f"A setting of a scene must be one of {', '.join(kinds)}; got {name!r}. "
            "Choose one of them."
        )
    kind = kinds[name]
    if kind is bool and text in ("yes", "no"):
        return text == "yes"
    try:
        if kind in (int, float, str):
            value: float | int | str = kind(text)
            return value
    except ValueError:
        pass
    must = {bool: "yes or no", int: "a whole number"}.get(kind, "a number")
    raise ConventionError(f"{name} of a scene must be {must}; got {text!r}. Change it.")


def _as_text(value: float | str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else f"{value:g}"
