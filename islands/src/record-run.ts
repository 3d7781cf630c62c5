import type { Step, TaskLog } from "./record-protocol";

/** Where the protocol stands: a step is said first, then done. */
export interface Standing {
  readonly step: number;
  readonly phase: "lead" | "on";
  readonly left_s: number;
}

const LEAD_S = 4; // to read or hear what comes; our choice
const LONGEST_LEAD_S = 15; // a voice that never ends

export interface Host {
  /** Seconds from the recording's start. */
  now_s(): number;
  isTalking(): boolean;
  show(standing: Standing): void;
  /** A step is to be said; it begins; it is over. */
  lead(step: number): void;
  begun(): void;
  over(): void;
  /** All steps are done. */
  finished(): void;
}

/** Leads through the steps of a protocol; `tick` is called a few times a second. */
export class ProtocolRun {
  private step = 0;
  private phase: Standing["phase"] = "lead";
  private since_s = 0;
  private isOver = false;

  constructor(
    private readonly steps: readonly Step[],
    private readonly log: TaskLog,
    private readonly host: Host,
  ) {}

  /** The step that is to be done, or its count when all are. */
  get next_step(): number {
    return this.step;
  }

  start(step: number): void {
    this.isOver = step >= this.steps.length;
    this.step = Math.min(step, this.steps.length);
    if (this.isOver) return this.host.finished();
    this.phase = "lead";
    this.since_s = this.host.now_s();
    this.host.lead(step);
    this.tick();
  }

  tick(): void {
    if (this.isOver) return;
    const gone_s = this.host.now_s() - this.since_s;
    if (this.phase === "lead" && this.isLed(gone_s)) return this.begin();
    const left_s = this.steps[this.step]!.seconds - (this.phase === "on" ? gone_s : 0);
    if (left_s <= 0) return this.next();
    this.host.show({ step: this.step, phase: this.phase, left_s });
  }

  /** The step ends now; what was done of it counts. */
  next(): void {
    this.log.end(this.host.now_s());
    if (this.phase === "on") this.host.over();
    this.start(this.step + 1);
  }

  again(): void {
    this.log.discard();
    this.start(this.step);
  }

  back(): void {
    this.log.discard();
    this.start(Math.max(0, this.step - 1));
  }

  /** Nothing more is asked. */
  end(): void {
    this.log.end(this.host.now_s());
    this.isOver = true;
  }

  private isLed(gone_s: number): boolean {
    return gone_s >= LONGEST_LEAD_S || (gone_s >= LEAD_S && !this.host.isTalking());
  }

  private begin(): void {
    this.phase = "on";
    this.since_s = this.host.now_s();
    this.log.begin(this.step, this.since_s);
    this.host.begun();
    this.tick();
  }
}
