"""MediaPipe's own Python FaceLandmarker in VIDEO mode, doing nothing else.

Run by `benchmarks.speed` in an environment of its own, with the model file and a clip. Prints one
JSON object. Starting up is not counted, which is generous: of hemiface everything is.
"""

import json
import sys
import time

import cv2
import mediapipe as mp
from mediapipe.tasks.python import BaseOptions, vision


def main(model: str, clip: str) -> None:
    options = vision.FaceLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=model),
        running_mode=vision.RunningMode.VIDEO,
        num_faces=1,
    )
    with vision.FaceLandmarker.create_from_options(options) as landmarker:
        capture = cv2.VideoCapture(clip)
        step_ms = 1000.0 / capture.get(cv2.CAP_PROP_FPS)
        n_frames = n_faces = 0
        start_s, before_s = time.perf_counter(), time.process_time()
        while True:
            there, image = capture.read()
            if not there:
                break
            rgb = cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
            shown = mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb)
            found = landmarker.detect_for_video(shown, round(n_frames * step_ms))
            n_faces += bool(found.face_landmarks)
            n_frames += 1
        wall_s, cpu_s = time.perf_counter() - start_s, time.process_time() - before_s
    print(json.dumps({"n_frames": n_frames, "n_faces": n_faces, "wall_s": wall_s, "cpu_s": cpu_s}))


if __name__ == "__main__":
    main(*sys.argv[1:])
