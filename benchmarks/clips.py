"""The videos that are measured: rendered once, kept under `out/bench` by what they were made from."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

import numpy as np

from hemiface import pipeline
from hemiface.simulate.encode import write_video
from hemiface.types import Measurement

ROOT = Path(__file__).parents[1]
OUT = ROOT / "out" / "bench"
DATA = ROOT.parent / "shared" / "data"

Severity = Literal["mild", "moderate", "severe"]


@dataclass(frozen=True)
class Plan:
    """What one video is made from.

    Attributes
    ----------
    seed : int
        Nobody develops on seeds from 9000.
    portrait, onto : str or None
        The picture to animate, or the clip to plant spasms into; neither for the default picture.
    """

    seed: int
    side: Literal["left", "right", "none"]
    severity: Severity = "moderate"
    portrait: str | None = None
    onto: str | None = None
    task: str = "rest"
    duration_s: float = 20.0
    fps: float = 30.0
    size: int = 640

    @property
    def name(self) -> str:
        """A name that changes with every setting."""
        settings = json.dumps(asdict(self), sort_keys=True).encode()
        return f"{self.seed}-{hashlib.sha256(settings).hexdigest()[:12]}"


def render(plan: Plan) -> tuple[Path, Path]:
    """Return the video of a plan and its truth, made if missing."""
    OUT.mkdir(parents=True, exist_ok=True)
    video = OUT / f"{plan.name}.mp4"
    truth = video.with_suffix(".truth.json")
    if not (video.exists() and truth.exists()):
        pipeline.simulate_video(video, **_options(plan))
    return video, truth


def _options(plan: Plan) -> dict[str, object]:
    options: dict[str, object] = {"seed": plan.seed, "side": plan.side, "severity": plan.severity}
    if plan.onto is not None:
        return {**options, "onto": Path(plan.onto), "task": plan.task}
    return {
        **options,
        "portrait": plan.portrait and Path(plan.portrait),
        "task": plan.task,
        "duration_s": plan.duration_s,
        "fps": plan.fps,
        "size": plan.size,
    }


def speed_clip(length_s: float) -> Path:
    """Return a clip for timing: one rendered face, 640 px, 30 frames a second."""
    portraits = sorted((DATA / "photos").glob("london_042_neutral.jpg"))
    portrait = str(portraits[0]) if portraits else None
    return render(Plan(9000, "left", portrait=portrait, task="speak", duration_s=length_s))[0]


def loop_clip(clip: Path, n_times: int) -> Path:
    """Return the clip played `n_times` over, without encoding it again."""
    import av

    if n_times == 1:
        return clip
    out = clip.with_name(f"{clip.stem}-x{n_times}.mp4")
    if out.exists():
        return out
    part = out.with_suffix(".part.mp4")
    with av.open(str(part), "w") as writer:
        stream, shift = None, 0
        for _ in range(n_times):
            with av.open(str(clip)) as reader:
                source = reader.streams.video[0]
                stream = stream or writer.add_stream_from_template(source)
                length = source.duration
                for packet in reader.demux(source):
                    if packet.dts is None:
                        continue
                    packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
                    packet.stream = stream
                    writer.mux(packet)
            shift += length
    part.replace(out)
    return out
