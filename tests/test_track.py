"""From frames to motion: landmarks, the head, and the skin, on faces whose movement is known."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from hemiface.errors import NoFaceError, SourceError
from hemiface.muscles import MUSCLE
from hemiface.signals import measure_contraction
from hemiface.simulate.face.head import turn_head
from hemiface.simulate.face.portrait import Portrait
from hemiface.simulate.face.warp import contract
from hemiface.spasms import detect_spasms
from hemiface.track import model, track_head
from hemiface.track.landmarks import FaceLandmarker
from hemiface.track.pose import FLIP, RIGID, fit_poses, to_frontal
from hemiface.types import SIDES, Channel, Floats, Side, Track, other_side

Image = NDArray[np.uint8]
TrackImages = Callable[..., Track]

LEFT_EYE_OUTER, RIGHT_EYE_OUTER = 263, 33


def eyes_apart(points: NDArray[np.float32]) -> float:
    return float(np.linalg.norm(points[LEFT_EYE_OUTER, :2] - points[RIGHT_EYE_OUTER, :2]))


class TestModels:
    @pytest.mark.parametrize("name", model.SHA256)
    def test_are_those_this_version_was_built_with(self, name: str) -> None:
        assert len(model.read_model(name)) > 0

    @pytest.mark.parametrize("name", model.SHA256)
    def test_a_flipped_byte_is_refused(
        self, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        damaged = bytearray(model.read_model(name))
        damaged[len(damaged) // 2] ^= 1
        (tmp_path / name).write_bytes(damaged)
        monkeypatch.setattr(model, "files", lambda _: tmp_path)

        with pytest.raises(SourceError, match=f"The model {name} must have SHA-256"):
            model.read_model(name)


class TestCanonicalFace:
    def test_is_symmetric(self) -> None:
        face, pairs = model.canonical_face(), model.mirror_pairs()

        np.testing.assert_array_equal(pairs[pairs], np.arange(len(face)))
        np.testing.assert_allclose(face[pairs] * (-1, 1, 1), face, atol=0.02)

    def test_has_the_persons_left_at_positive_x_and_the_brow_above_the_chin(self) -> None:
        face = model.canonical_face()

        assert face[LEFT_EYE_OUTER, 0] > 0 > face[RIGHT_EYE_OUTER, 0]
        assert face[10, 1] > face[152, 1]


def seen(shape: Floats, yaw: float, pitch: float, roll: float, scale: float, at: Floats) -> Floats:
    """Return the image of a face turned to the person's left, up, and to the side, in pixels."""
    turn = Rotation.from_euler("YXZ", [yaw, -pitch, roll], degrees=True).as_matrix()
    return np.asarray((shape @ turn.T * scale + at * FLIP) * FLIP)


class TestPose:
    ANGLES = (
        (0, 0, 0),
        (25, 0, 0),
        (-25, 0, 0),
        (0, 20, 0),
        (0, -20, 0),
        (0, 0, 30),
        (20, -10, 15),
    )

    @pytest.mark.parametrize("angles", ANGLES, ids=str)
    def test_of_a_turned_canonical_face_is_found(self, angles: tuple[float, float, float]) -> None:
        face = model.canonical_face()
        points = seen(face, *angles, scale=14.0, at=np.array([300.0, 200.0, 0.0]))[None]

        poses = fit_poses(points[:, RIGID], face[list(RIGID)])

        np.testing.assert_allclose(poses.angles_deg()[:, 0], angles, atol=1e-6)
        assert poses.scale[0] == pytest.approx(14.0)
        np.testing.assert_allclose(poses.place(0, face), points[0, :, :2], atol=1e-6)
        np.testing.assert_allclose(to_frontal(points, poses)[0], face, atol=1e-6)

    def test_of_a_lost_face_is_not_known(self) -> None:
        face = model.canonical_face()
        points = np.full((1, len(RIGID), 3), np.nan)

        poses = fit_poses(points, face[list(RIGID)])

        assert np.isnan(poses.scale[0])
        assert np.isnan(poses.angles_deg()).all()


class TestLandmarks:
    def test_of_the_mirror_image_are_mirrored_with_swapped_sides(
        self, landmarker: FaceLandmarker, face: Portrait
    ) -> None:
        here = landmarker.detect(face.image)
        there = landmarker.detect(face.image[:, ::-1].copy())

        assert here is not None
        assert there is not None
        back = there[model.mirror_pairs(), :2]
        back[:, 0] = face.image.shape[1] - 1 - back[:, 0]
        apart = np.linalg.norm(back - here[:468, :2], axis=1)
        # The network itself is not symmetric: up to a few per cent on one picture.
        assert np.median(apart) < 0.02 * eyes_apart(here)

    def test_of_a_smaller_picture_are_smaller(
        self, landmarker: FaceLandmarker, face: Portrait
    ) -> None:
        here, half = landmarker.detect(face.image), landmarker.detect(face.image[::2, ::2].copy())

        assert here is not None
        assert half is not None
        apart = np.linalg.norm(2 * half[:, :2] - here[:, :2], axis=1)
        assert np.median(apart) < 0.02 * eyes_apart(here)

    def test_of_an_empty_picture_are_none(self, landmarker: FaceLandmarker) -> None:
        assert landmarker.detect(np.full((240, 320, 3), 128, np.uint8)) is None

    def test_are_lost_and_found_again(self, face: Portrait) -> None:
        landmarker, empty = FaceLandmarker(), np.full_like(face.image, 128)
        found = [landmarker.follow(image) for image in [face.image, empty, empty, face.image]]

        assert [one is not None for one in found] == [True, False, False, True]

    def test_of_the_larger_of_two_faces_are_followed_and_both_are_counted(
        self, face: Portrait
    ) -> None:
        small = np.zeros_like(face.image)
        small[100:300, 100:300] = face.image[::2, ::2]
        found = FaceLandmarker().follow(np.hstack([face.image, small]))

        assert found is not None
        assert found.n_faces == 2
        assert found.points[:, 0].mean() < face.image.shape[1]

    def test_agree_with_those_of_mediapipe(self, shared_data: Path) -> None:
        """On real clips, the median point is within 0.5 % of the distance between the eyes."""
        stored = sorted((shared_data / "real" / "landmarks" / "dev").glob("*.npz"))
        apart = [
            _apart_from_mediapipe(path, shared_data / "real" / "dev" / f"{path.stem}.mp4")
            for path in stored
        ]

        assert len(apart) > 10
        assert np.median(apart) < 0.005


def _apart_from_mediapipe(stored: Path, clip: Path, n_frames: int = 40) -> float:
    """Return the median distance of points over the first frames, in inter-ocular distances."""
    import av

    with np.load(stored) as file:
        theirs = file["landmarks_px32"][:n_frames].astype(np.float64)
    theirs = np.where(theirs == -32768, np.nan, theirs / 32)
    landmarker, apart = FaceLandmarker(n_threads=2), []
    with av.open(str(clip)) as container:
        for frame, their in zip(container.decode(video=0), theirs, strict=False):
            found = landmarker.follow(frame.to_ndarray(format="rgb24"))
            if found is not None and np.isfinite(their).all():
                distance = np.linalg.norm(found.points[:, :2] - their[:, :2], axis=1)
                apart.append(np.median(distance) / eyes_apart(their))
    return float(np.median(apart))


def sway(degrees: float) -> Floats:
    """Return yaw, pitch and roll of a head that looks left and right in two seconds."""
    phase = np.linspace(0, 2 * np.pi, 60)
    return degrees * np.stack([np.sin(phase), 0.4 * np.sin(2 * phase), 0.3 * np.cos(phase)], axis=1)


def turning(face: Portrait, degrees: float) -> list[Image]:
    return [turn_head(face.image, face.head, angles, np.zeros(3)) for angles in sway(degrees)]


# The aim is 5 %, which the median of several portraits meets (benchmarks/RESULTS.md); on the one
# portrait that ships, the skin of the still cheek answers with 6 %.
STILL_SHARE = 0.08


class TestMotion:
    def test_of_a_head_that_turns_a_little_is_below_the_least_spasm(
        self, face: Portrait, track_images: TrackImages
    ) -> None:
        """Spasms are asked for from 0.5 mm on. The chin and the neck bend with the head."""
        track = track_images(turning(face, 6.0))
        signals = measure_contraction(track)
        seemed = np.nanpercentile(np.abs(signals.values), 95, axis=1)

        for channel, mm in zip(signals.channels, seemed, strict=True):
            if MUSCLE[channel.muscle].group not in ("chin", "neck"):
                assert mm < 0.5, channel
        assert track.jitter_mm.max() < 0.2

    @pytest.mark.parametrize("degrees", [6.0, 12.0, 20.0])
    def test_of_a_turning_head_is_no_spasm(
        self, degrees: float, face: Portrait, track_images: TrackImages
    ) -> None:
        track = track_images(turning(face, degrees))

        assert np.corrcoef(track.pose_deg[0], sway(degrees)[:, 0])[0, 1] > 0.99
        assert detect_spasms(measure_contraction(track)).events == ()

    @pytest.mark.parametrize("side", SIDES)
    def test_of_one_side_leaves_the_other_still(
        self, side: Side, face: Portrait, track_images: TrackImages
    ) -> None:
        """The still side hardly answers: landmark blend shapes give it a quarter."""
        pulled = {Channel("zygomaticus", side): 4.0, Channel("risorius", side): 3.0}
        moved = contract(face.image, face.face, pulled, {side: 0.9})
        signals = measure_contraction(track_images([face.image] * 24 + [moved] * 12))

        for muscle in ("orbicularis_oculi", "zygomaticus", "risorius"):
            own, other = (
                float(np.median(np.abs(signals.row(muscle, which)[28:34])))
                for which in (side, other_side(side))
            )
            assert own > (0.5 if muscle == "orbicularis_oculi" else 1.0), muscle
            assert other <= STILL_SHARE * own, muscle

    def test_has_the_size_that_was_planted(self, face: Portrait, track_images: TrackImages) -> None:
        """Skin reads within a quarter of the planted millimetres, more for more."""
        read = []
        for mm in (1.0, 2.0, 4.0):
            moved = contract(face.image, face.face, {Channel("zygomaticus", "left"): mm}, {})
            signals = measure_contraction(track_images([face.image] * 24 + [moved] * 12))
            read.append(float(np.median(signals.row("zygomaticus", "left")[28:34])))

        assert read == sorted(read)
        assert read[2] / read[0] == pytest.approx(4.0, rel=0.25)

    @pytest.mark.parametrize("gain", [0.5, 0.75, 1.2])
    def test_of_skin_in_changing_light_is_none(
        self, gain: float, face: Portrait, track_images: TrackImages
    ) -> None:
        """Phones change their exposure; flow takes brightness for motion."""
        relit = np.clip(face.image * gain, 0, 255).astype(np.uint8)
        signals = measure_contraction(track_images([face.image] * 24 + [relit] * 12))

        assert np.nanmax(np.abs(signals.values[2:])) < 0.25
        assert detect_spasms(signals).events == ()

    def test_is_not_known_where_the_face_is_not_seen(
        self, face: Portrait, track_images: TrackImages
    ) -> None:
        empty = np.full_like(face.image, 128)
        track = track_images([face.image] * 20 + [empty] * 15 + [face.image] * 20)
        values = measure_contraction(track).values

        assert np.isnan(values[:, 20:35]).all()
        assert np.isnan(track.pose_deg[:, 20:35]).all()
        assert (track.confidence[20:35] == 0).all()
        assert np.isfinite(values[:, :15]).all()
        assert np.isfinite(values[:, 40:]).all()

    def test_of_no_face_is_refused_with_a_sentence(self) -> None:
        empty = np.full((240, 320, 3), 128, np.uint8)

        with pytest.raises(NoFaceError, match="A face must be visible; none was found"):
            track_head(iter([(0.0, empty), (0.1, empty)]))

    def test_is_the_same_every_time(self, face: Portrait, track_images: TrackImages) -> None:
        moved = contract(face.image, face.face, {Channel("zygomaticus", "left"): 2.0}, {})
        pictures = [face.image] * 6 + [moved] * 4
        one, two = track_images(pictures), track_images(pictures)

        np.testing.assert_array_equal(one.displacement_mm, two.displacement_mm)
        np.testing.assert_array_equal(one.apertures, two.apertures)
