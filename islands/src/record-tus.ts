import { Upload, type DetailedError } from "tus-js-client";
import type { TaskSpan } from "./points-format";
import type { Way } from "./record-store";

/** Where recordings are sent to, and the token of the page. */
export interface Server {
  readonly upload: string;
  readonly token: string;
}

/** What the server is told of a file. */
export interface Parcel {
  readonly kind: Way;
  readonly filename: string;
  readonly tasks: readonly TaskSpan[];
  readonly mirrored: boolean | null; // null: not known
  readonly started_at: string;
  readonly fps: number;
}

export interface Watcher {
  /** The upload has a place on the server: it can be gone on with from there. */
  placed(url: string): void;
  progress(sent: number, total: number): void;
  /** There is no connection now; it is tried again. */
  waiting(): void;
}

/** How sending ended: the words on the page are called so. */
export type Outcome = "sent" | "cancelled" | "not-allowed" | "too-large" | "no-room" | "not-taken" | "failed";

const PART_BYTES = 5_000_000;
const RETRY_MS = [500, 2000, 5000];
const WAIT_MS = 10_000;

/** A file on its way to the server by tus 1.0; it waits for the network as long as it must. */
export class Sending {
  readonly outcome: Promise<Outcome>;
  private readonly upload: Upload;
  private end!: (outcome: Outcome) => void;
  private timer = 0;
  private readonly again = (): void => this.restart();

  constructor(file: Blob, parcel: Parcel, server: Server, place: string | undefined, private readonly watcher: Watcher) {
    this.outcome = new Promise((resolve) => (this.end = resolve));
    this.upload = new Upload(file as File, {
      endpoint: server.upload,
      uploadUrl: place ?? null,
      chunkSize: PART_BYTES,
      headers: { "X-CSRFToken": server.token },
      metadata: metadata(parcel),
      retryDelays: RETRY_MS,
      storeFingerprintForResuming: false, // its place is kept beside the recording, not in plain sight
      onUploadUrlAvailable: () => watcher.placed(this.upload.url!),
      onProgress: (sent, total) => watcher.progress(sent, total),
      onSuccess: () => this.finish("sent"),
      onError: (problem) => this.failed(problem),
    });
    this.upload.start();
  }

  /** Stop, and have the server forget what it has. */
  async cancel(): Promise<void> {
    this.finish("cancelled");
    await this.upload.abort(true).catch(() => undefined);
  }

  private failed(problem: Error | DetailedError): void {
    const status = "originalResponse" in problem ? problem.originalResponse?.getStatus() : undefined;
    if (status) return this.finish(meaning(status));
    this.watcher.waiting();
    this.timer = window.setTimeout(this.again, WAIT_MS);
    addEventListener("online", this.again, { once: true });
  }

  private restart(): void {
    this.forget();
    this.upload.start();
  }

  private finish(outcome: Outcome): void {
    this.forget();
    this.end(outcome);
  }

  private forget(): void {
    clearTimeout(this.timer);
    removeEventListener("online", this.again);
  }
}

function metadata({ tasks, mirrored, fps, ...rest }: Parcel): Record<string, string> {
  const known = mirrored === null ? {} : { mirrored: String(mirrored) };
  return { ...rest, ...known, tasks: JSON.stringify(tasks), ...(fps ? { fps: String(fps) } : {}) };
}

function meaning(status: number): Outcome {
  if (status === 413) return "too-large";
  if (status === 507) return "no-room";
  if (status === 400 || status === 415) return "not-taken";
  return status === 401 || status === 403 || status === 404 ? "not-allowed" : "failed";
}
