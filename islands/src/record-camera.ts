/** Why there is no picture, as the words on the page are called. */
export type NoCamera = "refused" | "no-camera" | "busy" | "no-recorder";

export class CameraError extends Error {
  constructor(readonly trouble: NoCamera) {
    super(trouble);
  }
}

const WISHES: MediaTrackConstraints = {
  facingMode: "user",
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 60 },
};
// H.264 first: most devices write it without effort, and every player plays it. Which sound goes with
// it differs (AAC in Safari, Opus in Chromium without licences); Firefox writes WebM.
const H264 = "video/mp4;codecs=avc1.42E01F";
const TYPES = [`${H264},mp4a.40.2`, `${H264},opus`, "video/webm;codecs=vp8,opus", "video/webm", "video/mp4"];
const SILENT = [H264, "video/webm;codecs=vp8", "video/webm", "video/mp4"];
const BITS_PER_S = 5_000_000; // our choice: the skin's texture is measured, so it must not be smeared
const KEY_MS = 1000; // an MP4 is handed out from one key frame to the next

/** Ask for the camera with the microphone; without the microphone if there is none to be had. */
export async function openCamera(): Promise<MediaStream> {
  if (!navigator.mediaDevices || !("MediaRecorder" in window)) throw new CameraError("no-recorder");
  try {
    return await ask(true);
  } catch {
    return ask(false).catch((problem: unknown) => {
      throw new CameraError(cause(problem));
    });
  }
}

function ask(audio: boolean): Promise<MediaStream> {
  return navigator.mediaDevices.getUserMedia({ video: WISHES, audio });
}

function cause(problem: unknown): NoCamera {
  const name = problem instanceof DOMException ? problem.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "refused";
  return name === "NotReadableError" || name === "AbortError" ? "busy" : "no-camera";
}

/** A recorder of what the camera gives, in the best kind of file that this browser writes. */
export function recorderOf(stream: MediaStream): MediaRecorder {
  const types = stream.getAudioTracks().length ? TYPES : SILENT;
  const mimeType = types.find((one) => MediaRecorder.isTypeSupported(one));
  if (!mimeType) throw new CameraError("no-recorder");
  const wishes = { mimeType, videoBitsPerSecond: BITS_PER_S, videoKeyFrameIntervalDuration: KEY_MS };
  return new MediaRecorder(stream, wishes);
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
}

/** What the camera gives. */
export function pictureOf(stream: MediaStream): Picture {
  const { width = 0, height = 0, frameRate = 0 } = stream.getVideoTracks()[0]?.getSettings() ?? {};
  return { width, height, fps: Math.round(frameRate) };
}

export function close(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
