import { recorderOf } from "./record-camera";
import { FullError, type Take, type TakeStore } from "./record-store";

const PART_MS = 1000;

/** What a recording says of itself as it goes on. */
export type Known = Pick<Take, "tasks" | "next">;

/** Records what the camera gives; each second is kept on the device at once. */
export class TakeRecorder {
  private readonly recorder: MediaRecorder;
  private writing: Promise<void> = Promise.resolve();
  private number = 0;
  private began = 0;
  /** Whether the device had no room for all of it. */
  isFull = false;

  constructor(
    stream: MediaStream,
    private readonly store: TakeStore,
    private readonly know: () => Known,
    private readonly ended: () => void,
  ) {
    this.recorder = recorderOf(stream);
  }

  /** Seconds from the recording's start. */
  get now_s(): number {
    return this.began ? (performance.now() - this.began) / 1000 : 0;
  }

  get type(): string {
    return this.recorder.mimeType;
  }

  /** Begin; `take` gives the recording once it is known of what type it is. */
  async start(take: (type: string) => Take): Promise<void> {
    const started = once(this.recorder, "start");
    this.recorder.addEventListener("stop", () => void this.writing.then(this.ended));
    this.recorder.start(PART_MS);
    await started;
    this.began = performance.now();
    const made = take(this.recorder.mimeType);
    this.writing = this.try(() => this.store.put(made));
    this.recorder.addEventListener("dataavailable", ({ data }) => this.keep(made.id, data));
    await this.writing;
  }

  stop(): void {
    if (this.recorder.state !== "inactive") this.recorder.stop();
  }

  private keep(id: string, part: Blob): void {
    if (!part.size) return;
    const number = this.number++;
    const seconds = this.now_s;
    this.writing = this.writing.then(() =>
      this.try(async () => {
        await this.store.append(id, "video", number, part);
        await this.store.change(id, { seconds, ...this.know() });
      }),
    );
  }

  /** Once the device is full nothing more is kept: a gap would break the file. */
  private async try(keep: () => Promise<void>): Promise<void> {
    if (this.isFull) return;
    try {
      await keep();
    } catch (problem) {
      if (!(problem instanceof FullError)) throw problem;
      this.isFull = true;
      this.stop();
    }
  }
}

export function once(target: EventTarget, type: string): Promise<Event> {
  return new Promise((resolve) => target.addEventListener(type, resolve, { once: true }));
}
