"""Pictures: colour and turning, against FFmpeg's own conversion and plain reasoning."""

import numpy as np
import pytest
from av import VideoFrame
from av.video.reformatter import ColorPrimaries, ColorTrc

from hemiface.source.picture import Painter, Turn, dim_pq, set_upright


def test_pq_agrees_with_the_conversion_of_ffmpeg() -> None:
    codes = np.linspace(64, 940, 40).round().astype(np.uint16)
    picture = VideoFrame(40 * 16, 16, "yuv420p10le")
    for index, plane in enumerate(picture.planes):
        values = np.frombuffer(plane, np.uint16).reshape(plane.height, -1)
        values[:] = np.repeat(codes, 16) if index == 0 else 512
    picture.colorspace, picture.color_range = 9, 1
    picture.color_trc, picture.color_primaries = ColorTrc.SMPTE2084, ColorPrimaries.BT2020

    ours = Painter(picture).paint(picture)[8, 8::16, 0].astype(int)
    theirs = picture.to_ndarray(
        format="rgb24", dst_color_trc=ColorTrc.BT709, dst_color_primaries=ColorPrimaries.BT709
    )[8, 8::16, 0].astype(int)

    assert np.abs(ours - theirs).max() <= 6  # 8-bit PQ has steps of up to 5


def test_pq_black_and_white() -> None:
    assert dim_pq(np.array([[[0, 148, 255]]], np.uint8)).ravel() == pytest.approx([0, 255, 255])


@pytest.mark.parametrize(
    ("turn", "expected"),
    [
        (Turn(), [[1, 2], [3, 4], [5, 6]]),
        (Turn(flip_x=True), [[2, 1], [4, 3], [6, 5]]),
        (Turn(flip_y=True), [[5, 6], [3, 4], [1, 2]]),
        (Turn(flip_x=True, flip_y=True), [[6, 5], [4, 3], [2, 1]]),
        (Turn(swap=True), [[1, 3, 5], [2, 4, 6]]),
        (Turn(swap=True, flip_x=True), [[5, 3, 1], [6, 4, 2]]),
        (Turn(swap=True, flip_y=True), [[2, 4, 6], [1, 3, 5]]),
        (Turn(swap=True, flip_x=True, flip_y=True), [[6, 4, 2], [5, 3, 1]]),
    ],
)
def test_every_turn(turn: Turn, expected: list[list[int]]) -> None:
    image = np.repeat(np.array([[1, 2], [3, 4], [5, 6]], np.uint8)[..., None], 3, axis=2)

    turned = set_upright(image, turn)

    assert turned[..., 0].tolist() == expected
    assert turned.flags.c_contiguous


def test_an_absurd_shape_of_pixels_is_not_believed() -> None:
    picture = VideoFrame(64, 48, "yuv420p")

    assert Painter(picture, 2.0).width == 128
    assert Painter(picture, 1000.0).width == 64


def test_a_picture_of_another_shape_does_not_fit() -> None:
    painter = Painter(VideoFrame(64, 48, "yuv420p"))

    assert painter.fits(VideoFrame(128, 96, "yuv420p"))
    assert not painter.fits(VideoFrame(48, 64, "yuv420p"))
    assert painter.paint(VideoFrame(128, 96, "yuv420p")).shape == (48, 64, 3)
