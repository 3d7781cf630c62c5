import { recorderOf } from "./record-camera";
import { once } from "./record-recorder";

/** A file of its own, and when it began, seconds on any clock. */
export interface Piece {
  readonly file: Blob;
  readonly began_s: number;
}

const PIECE_MS = 30_000;
const KEPT_S = 60;

interface Going {
  readonly recorder: MediaRecorder;
  readonly began_s: number;
  readonly file: Promise<Blob>;
}

/** Records without end, and forgets what is older than a minute and a half. */
export class Ring {
  private done: Piece[] = [];
  private going: Going | null = null;
  private timer = 0;

  constructor(private readonly stream: MediaStream) {}

  async start(): Promise<void> {
    this.timer = window.setInterval(() => void this.turn(), PIECE_MS);
    await this.turn();
  }

  /** How much there is now, seconds; no more than is promised. */
  get held_s(): number {
    const first = this.done[0]?.began_s ?? this.going?.began_s;
    return first === undefined ? 0 : Math.min(KEPT_S, clock_s() - first);
  }

  /** Stop, and return the pieces that hold the last minute. */
  async take(): Promise<Piece[]> {
    await this.end();
    return this.done;
  }

  /** Stop. */
  async end(): Promise<void> {
    clearInterval(this.timer);
    const last = this.going;
    this.going = null;
    if (last) await this.finish(last);
  }

  /** The next piece begins before the last one ends: nothing falls between them. */
  private async turn(): Promise<void> {
    const last = this.going;
    this.going = await begin(this.stream);
    if (!last) return;
    await this.finish(last);
    const now = clock_s();
    this.done = this.done.filter((_, index) => now - (this.done[index + 1] ?? this.going)!.began_s < KEPT_S);
  }

  private async finish({ recorder, began_s, file }: Going): Promise<void> {
    if (recorder.state !== "inactive") recorder.stop();
    this.done.push({ began_s, file: await file });
  }
}

async function begin(stream: MediaStream): Promise<Going> {
  const recorder = recorderOf(stream);
  const parts: Blob[] = [];
  recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
  const file = once(recorder, "stop").then(() => new Blob(parts, { type: recorder.mimeType }));
  const started = once(recorder, "start");
  recorder.start();
  await started;
  return { recorder, began_s: clock_s(), file };
}

function clock_s(): number {
  return performance.now() / 1000;
}
