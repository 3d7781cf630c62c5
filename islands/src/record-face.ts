import type { Facts } from "./points-find";
import { findFaults, type Check, type Fault, type Look } from "./record-checks";
import type { Piece } from "./record-ring";
import type { Answer, Ask, Places } from "./record-worker";

/** What looks for a face, and where it is. */
export interface FaceSource extends Places {
  readonly worker: string;
}

const LOOK_MS = 200;
const SIZE_PX = 480; // of the smaller pictures that are looked at

/** What the checks say: what is wrong of each; null where the face cannot be looked for. */
export type Told = (faults: ReadonlyMap<Check, Fault> | null) => void;

/** Looks at the camera's picture five times a second, and never makes it wait. */
export class LiveChecks {
  private readonly worker: Worker;
  private timer = 0;
  private before: Look | null = null;

  constructor(
    private readonly video: HTMLVideoElement,
    source: FaceSource,
    private readonly tell: Told,
  ) {
    this.worker = started(source);
    this.worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => this.heard(data));
    this.worker.addEventListener("error", () => this.tell(null));
  }

  stop(): void {
    clearTimeout(this.timer);
    this.worker.terminate();
  }

  private heard(said: Answer): void {
    if (said.kind === "failed") return this.tell(null);
    if (said.kind === "seen") {
      this.tell(findFaults(said, this.before));
      this.before = said;
    }
    this.timer = window.setTimeout(() => void this.look(), LOOK_MS);
  }

  private async look(): Promise<void> {
    const { videoWidth: width, videoHeight: height } = this.video;
    const scale = Math.min(1, SIZE_PX / Math.max(width, height, 1));
    const size = { resizeWidth: Math.round(width * scale), resizeHeight: Math.round(height * scale) };
    const picture = width ? await createImageBitmap(this.video, size).catch(() => null) : null;
    if (!picture) return void (this.timer = window.setTimeout(() => void this.look(), LOOK_MS));
    const ask: Ask = { kind: "look", picture, at_s: performance.now() / 1000, width, height };
    this.worker.postMessage(ask, [picture]);
  }
}


/** Why work apart from the page failed. */
export class WorkError extends Error {}

export type Progress = (share: number, fps: number) => void;

/** Find the points of a video apart from the page; ends with an error when `signal` says so. */
export function findPointsOf(video: Blob, facts: Facts, source: FaceSource, tell: Progress, signal: AbortSignal): Promise<Blob> {
  return work(started(source), { kind: "find", video, facts }, tell, signal);
}

/** Join pieces of a recording apart from the page. */
export function join(pieces: readonly Piece[], { worker }: FaceSource, signal: AbortSignal): Promise<Blob> {
  return work(new Worker(worker), { kind: "join", pieces }, () => undefined, signal);
}

function work(worker: Worker, ask: Ask, tell: Progress, signal: AbortSignal): Promise<Blob> {
  const done = new Promise<Blob>((resolve, reject) => {
    worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
      if (data.kind === "progress") tell(data.share, data.fps);
      else if (data.kind === "done") resolve(data.file);
      else if (data.kind === "failed") reject(new WorkError(data.trouble));
    });
    worker.addEventListener("error", () => reject(new WorkError("cannot-start")));
    signal.addEventListener("abort", () => reject(new WorkError("cancelled")));
  });
  worker.postMessage(ask);
  return done.finally(() => worker.terminate());
}

function started({ worker, loader, wasm, model }: FaceSource): Worker {
  const made = new Worker(worker);
  const ask: Ask = { kind: "open", places: { loader, wasm, model } };
  made.postMessage(ask);
  return made;
}

/** Whether this browser can take a video apart, frame by frame. */
export function canFindPoints(): boolean {
  return "VideoDecoder" in window && "OffscreenCanvas" in window && "CompressionStream" in window;
}
