"""`python -m benchmarks.bombs` writes benchmarks/BOMBS.md: files made to break a server."""

import gzip
import os
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from urllib.request import urlopen

import av
import numpy as np
import psutil

from benchmarks.results import Row, Table, Target, write_bomb_results
from benchmarks.web.site import Site, running_site

PATH = Path(__file__).parent / "BOMBS.md"
SOON, LITTLE = Target(5.0, at_least=False), Target(100.0, at_least=False)
ANSWERS = Target(1.0, at_least=False)


def large_picture(path: Path) -> None:
    """One picture of 12288 by 8192: a few hundred kilobytes, and more than a gigabyte decoded."""
    _film(path, (12288, 8192), [0.0])


def long_film(path: Path) -> None:
    """Three pictures in twenty-one minutes."""
    _film(path, (64, 48), [0.0, 1.0, 21 * 60.0])


def playlist(path: Path) -> None:
    """A list that asks FFmpeg to fetch something else."""
    path.write_text("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n")


def concatenation(path: Path) -> None:
    """Another kind of list."""
    path.write_text("ffconcat version 1.0\nfile /etc/passwd\n")


def points(path: Path) -> None:
    """Landmarks that unpack to a gigabyte."""
    header = b'{"schema": "hemiface.points/1", "n_frames": 1000000, "width": 1280, "height": 720}\n'
    with gzip.open(path, "wb", compresslevel=9) as file:
        file.write(header)
        for _ in range(1000):
            file.write(bytes(1_000_000))


def zip_bomb(path: Path) -> None:
    """A zip that declares a gigabyte, a thousand times its size."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.dcm", bytes(2**30))


def deflated(path: Path) -> None:
    """A DICOM file whose body is deflated, a gigabyte of zeros."""
    import pydicom
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.uid import DeflatedExplicitVRLittleEndian, MRImageStorage, generate_uid

    meta = FileMetaDataset()
    meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = MRImageStorage, generate_uid()
    dataset = FileDataset(str(path), {}, file_meta=meta, preamble=bytes(128))
    dataset.Modality, dataset.Rows, dataset.Columns = "MR", 16384, 16384
    dataset.BitsAllocated, dataset.PixelRepresentation, dataset.SamplesPerPixel = 16, 0, 1
    dataset.PixelData = bytes(2 * 16384 * 16384)
    dataset["PixelData"].VR = "OW"
    pydicom.dcmwrite(path, dataset, enforce_file_format=True)


def _film(path: Path, size: tuple[int, int], times_s: list[float]) -> None:
    with av.open(str(path), "w", format="mp4") as out:
        stream = out.add_stream("libx264", rate=30, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        for time_s in times_s:
            picture = np.zeros((size[1], size[0], 3), np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = round(1000 * time_s), Fraction(1, 1000)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


VIDEOS = (large_picture, long_film, playlist, concatenation, points)
PICTURES = (zip_bomb, deflated)


def main() -> None:
    """Let the site's child open every file; write how soon it refused, and at what cost."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-bombs-") as folder,
        running_site(Path(folder) / "data") as site,
    ):
        _set_up(site)
        rows = [row for make in (*VIDEOS, *PICTURES) for row in _rows(site, make, Path(folder))]
    note = (
        "Opened as the site opens what is sent: in a child with bounds. Memory: of the process "
        "that started the child. Meanwhile the site is asked for /healthz."
    )
    write_bomb_results([Table("Files made to break a server", note, (), tuple(rows))], PATH)
    print(f"Results: {PATH}")


def _set_up(site: Site) -> None:
    os.environ["HEMIFACE_DATA"] = str(site.data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "hemiface_clinic.settings"
    import django

    django.setup()


def _rows(site: Site, make: Callable[[Path], None], folder: Path) -> list[Row]:
    file = folder / make.__name__ / "sent"
    file.parent.mkdir()
    make(file)
    before = psutil.Process().memory_info().rss
    began = time.perf_counter()
    with asked_meanwhile(site) as slowest:
        said = refusal(make, file)
    took = time.perf_counter() - began
    grown = (psutil.Process().memory_info().rss - before) / 1e6
    name = make.__name__.replace("_", " ")
    on = f"{file.stat().st_size / 1000:.0f} kB; refused: {said}"
    return [
        Row(f"{name}: refused after, s", took, SOON, (), on),
        Row(f"{name}: memory of the server, MB more", grown, LITTLE, (), ""),
        Row(f"{name}: the site answers others within, s", slowest[0], ANSWERS, (), ""),
    ]


def refusal(make: Callable[[Path], None], file: Path) -> str:
    """Return the code with which a file is refused."""
    from hemiface_clinic.mri.checks import StudyRefusedError, read_in_child
    from hemiface_clinic.recordings.checks import RecordingRefusedError, probe_video
    from hemiface_clinic.recordings.runner import workspace

    with workspace() as work:
        try:
            if make in VIDEOS:
                probe_video(file, work)
            else:
                read_in_child(file.parent, work)
        except (RecordingRefusedError, StudyRefusedError) as refused:
            return refused.code
    return "not at all"


@contextmanager
def asked_meanwhile(site: Site) -> Iterator[list[float]]:
    """Ask the site again and again; the list holds the slowest answer, in seconds."""
    slowest, over = [0.0], threading.Event()

    def ask() -> None:
        while not over.wait(0.1):
            began = time.perf_counter()
            urlopen(f"{site.url}/healthz").read()
            slowest[0] = max(slowest[0], time.perf_counter() - began)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield slowest
    finally:
        over.set()
        thread.join()


if __name__ == "__main__":
    main()
