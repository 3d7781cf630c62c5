"""The videos that are measured: rendered once, kept in `out/bench` by what they were made from."""

import ast
import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from hemiface import __version__, pipeline, simulate
from hemiface.report.document import write_json
from hemiface.simulate.face.portrait import read_portrait
from hemiface.simulate.film.camera import draw_camera
from hemiface.simulate.film.encode import write_video
from hemiface.simulate.film.truth import make_recording
from hemiface.track.landmarks import FaceLandmarker
from hemiface.types import Measurement, Quality

if TYPE_CHECKING:
    from av.container import OutputContainer

ROOT = Path(__file__).parents[1]
OUT = ROOT / "out" / "bench"
DATA = ROOT.parent / "shared" / "data"

_CRF = 23  # an ordinary phone video
TOXIN_UNITS = 34.5  # onabotulinumtoxinA, the mean of a session in published series

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
    scene, condition : str
        What camera, place and resting face add; what the person has.
    toxin_day : float or None
        Days since an injection of `TOXIN_UNITS`; None for untreated.
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
    scene: str = ""
    condition: str = "hfs"
    toxin_day: float | None = None

    @property
    def name(self) -> str:
        """A name that changes with every setting, and with the renderer."""
        pictures = {"portrait": _file_name(self.portrait), "onto": _file_name(self.onto)}
        settings = json.dumps(asdict(self) | pictures, sort_keys=True)
        made_from = settings + _renderer(onto=self.onto is not None)
        return f"{self.seed}-{hashlib.sha256(made_from.encode()).hexdigest()[:12]}"


def _file_name(path: str | None) -> str | None:
    return path and Path(path).name


@cache
def _renderer(*, onto: bool) -> str:
    """Return a digest of the renderer's code, without comments and layout."""
    rooms = [Path(simulate.__file__).parent / room for room in ("face", "people", "film")]
    modules = [module for room in rooms for module in sorted(room.glob("*.py"))]
    read = [module for module in modules if onto or module.name != "onto.py"]
    code = "".join(ast.dump(ast.parse(module.read_text("utf-8"))) for module in read)
    return hashlib.sha256(code.encode()).hexdigest()


def render(plan: Plan) -> tuple[Path, Path]:
    """Return the video of a plan and its truth, made if missing."""
    OUT.mkdir(parents=True, exist_ok=True)
    video = OUT / f"{plan.name}.mp4"
    truth = video.with_suffix(".truth.json")
    if not (video.exists() and truth.exists()):
        make = _hold_still if plan.task == "still" else pipeline.simulate_video
        make(video, **_options(plan))
    return video, truth


def _hold_still(
    out: Path,
    *,
    seed: int,
    portrait: Path | None,
    duration_s: float,
    fps: float,
    size: int,
    **_: Any,
) -> None:
    """Write a picture in which nothing moves, as a camera records it, and its empty truth."""
    still = read_portrait(portrait, FaceLandmarker().detect, size)
    times_s = np.arange(round(duration_s * fps)) / fps
    camera = draw_camera(seed, still.image.shape, times_s)
    frames = ((float(t), camera.expose(still.image, i)) for i, t in enumerate(times_s))
    n, width, height = write_video(out, frames, rate_hz=fps, crf=_CRF)
    recording = make_recording(
        out, n_frames=n, size=(width, height), duration_s=n / fps, task="still"
    )
    quality = Quality(n / fps, still.eyes_px)
    software = {"version": __version__, "model_sha256": None, "settings": {"seed": seed}}
    truth = Measurement(recording, "none", (), (), (), quality, software)
    write_json(truth, out.with_suffix(".truth.json"))


def _options(plan: Plan) -> dict[str, Any]:
    options: dict[str, Any] = {"seed": plan.seed, "side": plan.side, "severity": plan.severity}
    if plan.onto is not None:
        return {**options, "onto": Path(plan.onto), "task": plan.task}
    return {
        **options,
        "portrait": plan.portrait and Path(plan.portrait),
        "task": plan.task,
        "duration_s": plan.duration_s,
        "fps": plan.fps,
        "size": plan.size,
        "scene": simulate.parse_scene(plan.scene),
        "condition": plan.condition,
        "state": _state(plan),
    }


def _state(plan: Plan) -> simulate.State | None:
    """Return what treatment leaves of the spasms of the mean patient; None for untreated."""
    if plan.toxin_day is None:
        return None
    left = simulate.Toxin(TOXIN_UNITS).effect(plan.toxin_day)
    return simulate.State(rate_factor=left.rate_factor, amplitude_factor=left.amplitude_factor)


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
    part = out.with_suffix(".part.mp4")
    if not out.exists():
        with av.open(str(part), "w") as writer:
            for turn in range(n_times):
                _append(writer, clip, turn)
        part.replace(out)
    return out


def _append(writer: "OutputContainer", clip: Path, turn: int) -> None:
    """Copy the packets of a clip behind those of its earlier turns."""
    import av

    with av.open(str(clip)) as reader:
        source = reader.streams.video[0]
        if turn == 0:
            writer.add_stream_from_template(source)
        shift = turn * (source.duration or 0)
        for packet in reader.demux(source):
            if packet.pts is not None and packet.dts is not None:
                packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
                packet.stream = writer.streams.video[0]
                writer.mux(packet)
