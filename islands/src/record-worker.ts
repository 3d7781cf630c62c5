// Looks for a face apart from the page, so that the page never waits.
import { FaceLandmarker } from "@mediapipe/tasks-vision";
import { findPoints, PointsError, type Facts, type Trouble } from "./points-find";
import { joinPieces } from "./record-join";
import type { Piece } from "./record-ring";
import { readLight, readSight, type Light, type Sight } from "./record-sight";

/** Where the network and what runs it are. */
export interface Places {
  readonly loader: string;
  readonly wasm: string;
  readonly model: string;
}

export type Ask =
  | { readonly kind: "open"; readonly places: Places }
  | { readonly kind: "look"; readonly picture: ImageBitmap; readonly at_s: number; readonly width: number; readonly height: number }
  | { readonly kind: "find"; readonly video: Blob; readonly facts: Facts }
  | { readonly kind: "join"; readonly pieces: readonly Piece[] };

export type Answer =
  | { readonly kind: "ready" }
  | { readonly kind: "seen"; readonly at_s: number; readonly sight: Sight | null; readonly light: Light | null }
  | { readonly kind: "progress"; readonly share: number; readonly fps: number }
  | { readonly kind: "done"; readonly file: Blob }
  | { readonly kind: "failed"; readonly trouble: Trouble | "cannot-start" };

let face: Promise<FaceLandmarker> | null = null;

addEventListener("message", ({ data }: MessageEvent<Ask>) => {
  answer(data).then(tell, (problem: unknown) => {
    tell({ kind: "failed", trouble: problem instanceof PointsError ? problem.trouble : "cannot-start" });
    if (!(problem instanceof PointsError)) console.warn(problem);
  });
});

function tell(said: Answer): void {
  postMessage(said);
}

async function answer(ask: Ask): Promise<Answer> {
  if (ask.kind === "open") {
    await (face ??= open(ask.places));
    return { kind: "ready" };
  }
  if (ask.kind === "join") return { kind: "done", file: await joinPieces(ask.pieces) };
  const landmarker = await face!;
  if (ask.kind === "look") return look(landmarker, ask);
  const file = await findPoints(ask.video, landmarker, ask.facts, (share, fps) => tell({ kind: "progress", share, fps }));
  return { kind: "done", file };
}

async function open({ loader, wasm, model }: Places): Promise<FaceLandmarker> {
  const answer = await fetch(model);
  if (!answer.ok) throw new Error(`${model}: ${answer.status}`);
  return FaceLandmarker.createFromOptions(
    { wasmLoaderPath: loader, wasmBinaryPath: wasm },
    { baseOptions: { modelAssetBuffer: answer.body!.getReader(), delegate: "CPU" }, runningMode: "VIDEO", numFaces: 1 },
  );
}

function look(landmarker: FaceLandmarker, { picture, at_s, width, height }: Ask & { kind: "look" }): Answer {
  const places = landmarker.detectForVideo(picture, 1000 * at_s).faceLandmarks[0];
  const sight = places ? readSight(places, width, height) : null;
  const light = sight ? lightOf(picture, sight) : null;
  picture.close();
  return { kind: "seen", at_s, sight, light };
}

const small = new OffscreenCanvas(64, 64).getContext("2d", { willReadFrequently: true })!;

function lightOf(picture: ImageBitmap, sight: Sight): Light {
  const { width, height } = small.canvas;
  small.drawImage(picture, 0, 0, width, height);
  return readLight(small.getImageData(0, 0, width, height).data, width, height, sight);
}
