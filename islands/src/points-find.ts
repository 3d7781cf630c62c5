import type { FaceLandmarker, NormalizedLandmark } from "@mediapipe/tasks-vision";
import { ALL_FORMATS, BlobSource, Input, VideoSampleSink, type InputVideoTrack, type VideoSample } from "mediabunny";
import { Frames, pointsFile, SCHEMA, type TaskSpan } from "./points-format";

/** What is known of a recording before its points are found. */
export interface Facts {
  readonly mirrored: boolean;
  readonly started_at: string;
  readonly tasks: readonly TaskSpan[];
}

/** Called now and then: the share that is done, and frames a second. */
export type Tell = (share: number, fps: number) => void;

/** Why no points could be found. */
export type Trouble = "cannot-decode" | "no-face";

export class PointsError extends Error {
  constructor(readonly trouble: Trouble) {
    super(trouble);
  }
}

const TELL_MS = 500;
const GREY = 16; // the face is made this small, in pixels, to read its grey

/** Find the points of every frame of a video; no picture leaves this function. */
export async function findPoints(video: Blob, face: FaceLandmarker, facts: Facts, tell: Tell): Promise<Blob> {
  const input = new Input({ source: new BlobSource(video), formats: ALL_FORMATS });
  try {
    return await findIn(await decodable(input), face, facts, tell);
  } finally {
    input.dispose();
  }
}

async function findIn(track: InputVideoTrack, face: FaceLandmarker, facts: Facts, tell: Tell): Promise<Blob> {
  const [width, height] = [await track.getDisplayWidth(), await track.getDisplayHeight()];
  const frames = new Frames(width, height);
  const n_seen = await readFrames(track, new Eye(face, width, height), frames, tell);
  if (n_seen === 0) throw new PointsError("no-face");
  return pointsFile({ schema: SCHEMA, n_frames: frames.count, width, height, ...facts }, frames);
}

async function decodable(input: Input): Promise<InputVideoTrack> {
  const track = await input.getPrimaryVideoTrack().catch(() => null);
  if (!track || !(await track.canDecode())) throw new PointsError("cannot-decode");
  return track;
}

async function readFrames(track: InputVideoTrack, eye: Eye, frames: Frames, tell: Tell): Promise<number> {
  const [first, end] = [await track.getFirstTimestamp(), await track.computeDuration()];
  const began = performance.now();
  let [n_seen, told, last] = [0, began, -1];
  for await (const sample of new VideoSampleSink(track).samples()) {
    const time = sample.timestamp - first;
    if (time > last + MOMENT_S) {
      const { grey, places } = eye.look(sample, time);
      frames.add((last = time), grey, places);
      n_seen += Number(places.length > 0);
    }
    sample.close();
    const now = performance.now();
    if (now - told < TELL_MS) continue;
    told = now;
    tell(time / (end - first), (1000 * frames.count) / (now - began));
  }
  tell(1, (1000 * frames.count) / (performance.now() - began));
  return n_seen;
}

/** Frames nearer than this are the same moment. */
const MOMENT_S = 1e-3;

/** Looks at one frame after the other, upright. */
class Eye {
  private readonly whole: OffscreenCanvasRenderingContext2D;
  private readonly small = new OffscreenCanvas(GREY, GREY).getContext("2d", { willReadFrequently: true })!;

  constructor(
    private readonly face: FaceLandmarker,
    width: number,
    height: number,
  ) {
    this.whole = new OffscreenCanvas(width, height).getContext("2d", { alpha: false, desynchronized: true })!;
  }

  look(sample: VideoSample, time: number): { grey: number; places: NormalizedLandmark[] } {
    const { width, height } = this.whole.canvas;
    sample.draw(this.whole, 0, 0, width, height);
    const places = this.face.detectForVideo(this.whole.canvas, 1000 * time).faceLandmarks[0] ?? [];
    return { places, grey: places.length ? this.grey(places) : NaN };
  }

  private grey(places: readonly NormalizedLandmark[]): number {
    const { width, height } = this.whole.canvas;
    const [left, right] = ends(places.map((one) => one.x * width));
    const [top, bottom] = ends(places.map((one) => one.y * height));
    this.small.drawImage(this.whole.canvas, left, top, right - left, bottom - top, 0, 0, GREY, GREY);
    return meanGrey(this.small.getImageData(0, 0, GREY, GREY).data);
  }
}

function ends(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

/** Mean grey, 0 to 255, of RGBA pixels (ITU-R BT.601). */
export function meanGrey(pixels: Uint8ClampedArray): number {
  let sum = 0;
  for (let at = 0; at < pixels.length; at += 4)
    sum += 0.299 * pixels[at]! + 0.587 * pixels[at + 1]! + 0.114 * pixels[at + 2]!;
  return (4 * sum) / pixels.length;
}
