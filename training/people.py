"""The healthy people to learn from: their clips and portraits, who is in each, what they acted."""

import csv
import re
from dataclasses import dataclass, replace
from pathlib import Path

# Movements of one side that were acted: to be found, or neither right nor wrong.
FOUND, SET_ASIDE = ("wink_grimace", "mouth_pulled"), ("cheek_puff_mouth", "artefact")
# Portraits brought to life; those of `benchmarks/plans.py` are not among them.
_PHOTOS = (
    "london_001_neutral", "london_003_neutral", "london_016_neutral", "london_018_neutral",
    "london_024_neutral", "london_030_neutral", "london_037_neutral", "london_038_neutral",
    "london_042_neutral", "london_045_neutral", "london_061_neutral", "london_062_neutral",
    "london_064_neutral", "london_066_neutral", "london_067_neutral", "composite_f_multi",
    "composite_f_wasian", "composite_f_white", "composite_m_african", "composite_m_white",
)  # fmt: skip
_ROW = re.compile(r"^\| (\w+)\.mp4 \| (p\d+) \|")


@dataclass(frozen=True)
class Acted:
    """A stretch in which one side was moved on purpose; `own` is 0 left, 1 right, None unknown."""

    start_s: float
    end_s: float
    own: int | None


@dataclass(frozen=True)
class Clip:
    """One clip of one person."""

    path: Path
    person: str
    acted: tuple[Acted, ...]

    @property
    def name(self) -> str:
        """Name of the clip."""
        return self.path.stem

    def at_pace(self, pace: float) -> "Clip":
        """Return the clip as it is when its clock runs slower by this factor."""
        acted = tuple(Acted(a.start_s * pace, a.end_s * pace, a.own) for a in self.acted)
        return replace(self, acted=acted)


def read_clips(data: Path) -> list[Clip]:
    """Return the clips of ``data/real/dev`` with their people, from the manifest and the events."""
    people = dict(
        found.groups() for line in _lines(data / "MANIFEST.md") if (found := _ROW.match(line))
    )
    with (data / "real" / "events.csv").open(newline="") as file:
        events = list(csv.DictReader(file))
    paths = sorted((data / "real" / "dev").glob("*.mp4"))
    return [Clip(path, people[path.stem], _acted(events, path.stem)) for path in paths]


def read_photos(data: Path) -> list[Clip]:
    """Return the portraits to bring to life, each a person of its own."""
    return [Clip(data / "photos" / f"{name}.jpg", name, ()) for name in _PHOTOS]


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _acted(events: list[dict[str, str]], name: str) -> tuple[Acted, ...]:
    found = []
    for event in events:
        if event["clip"] != name:
            continue
        start_s, end_s = float(event["t_start_s"]), float(event["t_end_s"])
        if event["event"] in FOUND:
            found.append(Acted(start_s, end_s, int(event["side_subject"] == "right")))
        elif event["event"] in SET_ASIDE or event["event"] == "hand_occlusion":
            found.append(Acted(start_s, end_s, None))
    return tuple(found)
