"""The command line on films of a face: what is measured, refused, told and left behind."""

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from click.testing import CliRunner, Result
from numpy.typing import NDArray

from hemiface.cli import main
from hemiface.report.document import read_measurement
from hemiface.source import open_video

Pictures = list[NDArray[np.uint8]]
HEMIFACE = Path(sys.executable).with_name("hemiface")
SUFFIXES = ("html", "json", "signals.parquet", "spasms.csv")

pytestmark = pytest.mark.slow


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("films")


@pytest.fixture(scope="module")
def face(folder: Path) -> Path:
    """A virtual patient, two seconds long."""
    path = folder / "face.mp4"
    made = run("simulate", "video", path, "--seed", 1, "--duration", 2, "--size", 400)
    assert made.exit_code == 0, made.stderr
    return path


@pytest.fixture(scope="module")
def pictures(face: Path) -> Pictures:
    with open_video(face) as video:
        return [frame.image for frame in video.frames()]


def film(path: Path, pictures: Iterable[NDArray[np.uint8]], rate_hz: int = 30) -> Path:
    with av.open(str(path), "w", options={"movflags": "faststart"}) as out:
        stream = out.add_stream(
            "libx264", rate=rate_hz, options={"preset": "ultrafast", "crf": "18"}
        )
        stream.pix_fmt = "yuv420p"
        for index, picture in enumerate(pictures):
            if index == 0:
                stream.height, stream.width = (side // 2 * 2 for side in picture.shape[:2])
            image = np.ascontiguousarray(picture[: stream.height, : stream.width])
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, rate_hz)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def resized(pictures: Pictures, scale: float) -> Pictures:
    return [cv2.resize(picture, None, fx=scale, fy=scale) for picture in pictures]


def warnings_of(result: Result) -> set[str]:
    assert result.exit_code == 0, result.stderr
    return {warning["code"] for warning in json.loads(result.stdout)["quality"]["warnings"]}


def test_a_report_is_written_and_the_answer_printed(face: Path, tmp_path: Path) -> None:
    result = run("measure", face, "--out", tmp_path / "new" / "out", "--task", "speak")

    out = tmp_path / "new" / "out"
    assert result.exit_code == 0, result.stderr
    assert sorted(path.name for path in out.iterdir()) == [f"face.{name}" for name in SUFFIXES]
    assert result.stdout.startswith(f"{face}: ")
    assert result.stdout.endswith(f"  report: {out / 'face.html'}\n")
    assert read_measurement(out / "face.json").recording.task == "speak"


def test_json_is_alone_on_standard_output_and_leaves_no_file(face: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [HEMIFACE, "measure", face, "--json", "--mirrored"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )

    document = json.loads(done.stdout)
    assert document["schema"] == "hemiface.measurement/1"
    assert document["recording"]["mirrored"] is True
    assert list(tmp_path.iterdir()) == []


def test_json_with_out_writes_the_report_too(face: Path, tmp_path: Path) -> None:
    result = run("measure", face, "--json", "--out", tmp_path)

    assert json.loads(result.stdout)["recording"]["source"] == "face.mp4"
    assert len(list(tmp_path.iterdir())) == 4


def test_films_of_one_name_in_a_folder_do_not_overwrite_each_other(
    face: Path, tmp_path: Path
) -> None:
    for visit in ("visit1", "visit2"):
        (tmp_path / "films" / visit).mkdir(parents=True)
        shutil.copy(face, tmp_path / "films" / visit / "rest.mp4")
    (tmp_path / "films" / "notes.mp4").write_text("not a video")

    result = run("measure", tmp_path / "films", "--out", tmp_path / "out", "--workers", 2)

    assert result.exit_code == 1
    assert result.stderr.count("Error: ") == 1
    assert "notes.mp4 must be a video" in result.stderr
    assert sorted(str(path.relative_to(tmp_path / "out")) for path in tmp_path.glob("out/*/*")) == [
        f"{visit}/rest.{name}" for visit in ("visit1", "visit2") for name in SUFFIXES
    ]


def test_a_truncated_film_is_measured_and_told(
    face: Path, pictures: Pictures, tmp_path: Path
) -> None:
    path = film(tmp_path / "cut.mp4", pictures * 2)
    path.write_bytes(path.read_bytes()[: int(0.6 * path.stat().st_size)])

    assert "truncated" in warnings_of(run("measure", path, "--json"))


def test_five_frames_a_second_are_told(pictures: Pictures, tmp_path: Path) -> None:
    path = film(tmp_path / "slow.mp4", pictures[::6], rate_hz=5)

    assert "low_rate" in warnings_of(run("measure", path, "--json"))


def test_8k_is_measured(pictures: Pictures, tmp_path: Path) -> None:
    large = (cv2.resize(picture, (7680, 4320)) for picture in pictures[:31])

    result = run("measure", film(tmp_path / "8k.mp4", large), "--json")

    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["recording"]["width"] == 7680


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("dark", "A face must be visible"),
        ("blurred", "A face must be visible"),
        ("tiny", "The outer corners of the eyes must be at least 60 px apart"),
        ("brief", "A recording must last at least 1 s"),
    ],
)
def test_what_cannot_be_judged_is_refused(
    pictures: Pictures, tmp_path: Path, change: str, sentence: str
) -> None:
    changed = {
        "dark": [picture // 40 for picture in pictures],
        "blurred": [cv2.GaussianBlur(picture, (0, 0), 40) for picture in pictures],
        "tiny": resized(pictures, 0.35),
        "brief": pictures[:15],
    }[change]

    result = run("measure", film(tmp_path / "film.mp4", changed), "--out", tmp_path / "out")

    assert result.exit_code == 1
    assert sentence in result.stderr
    assert "film.mp4" in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_small_face_is_told(pictures: Pictures, tmp_path: Path) -> None:
    path = film(tmp_path / "small.mp4", resized(pictures, 0.6))

    assert "face_small" in warnings_of(run("measure", path, "--json"))


def test_a_second_face_is_told(pictures: Pictures, tmp_path: Path) -> None:
    path = film(tmp_path / "two.mp4", [_beside(picture) for picture in pictures])

    assert "several_faces" in warnings_of(run("measure", path, "--json"))


def _beside(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The same face again, smaller, beside it."""
    small = cv2.resize(picture, None, fx=0.7, fy=0.7)
    height = picture.shape[0]
    pad = np.zeros((height - small.shape[0], small.shape[1], 3), np.uint8)
    return np.hstack([picture, np.vstack([small, pad])])


def test_a_full_disk_leaves_nothing(face: Path, tmp_path: Path) -> None:
    limited = f"ulimit -f 8; exec {HEMIFACE} measure {face} --out {tmp_path / 'out'}"

    done = subprocess.run(["bash", "-c", limited], capture_output=True, text=True, check=False)

    assert done.returncode == 1, done.stderr
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_keeps_what_is_finished_and_leaves_nothing_else(
    face: Path, pictures: Pictures, tmp_path: Path, workers: int
) -> None:
    long = [film(tmp_path / f"long{n}.mp4", pictures * 15) for n in range(2)]
    out = tmp_path / "out"
    command = [HEMIFACE, "measure", face, *long, "--out", out, "--workers", str(workers)]
    stopped = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    _wait_for(out / "face.html")
    time.sleep(0.5)  # into the next film
    stopped.send_signal(signal.SIGINT)
    stdout, stderr = stopped.communicate(timeout=30)

    assert stopped.returncode == 130
    assert stdout.startswith(f"{face}: ")
    assert "Stopped. What was finished is kept." in stderr
    assert "Traceback" not in stderr
    assert sorted(path.name for path in out.iterdir()) == [f"face.{name}" for name in SUFFIXES]


def _wait_for(path: Path, seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < until, f"{path} did not come"
        time.sleep(0.1)


@pytest.fixture(autouse=True)
def _no_child_is_left() -> Iterator[None]:
    yield
    from multiprocessing import active_children

    assert active_children() == []
