import type { TaskSpan } from "./points-format";

/** One thing to do. */
export interface Step {
  readonly task: string;
  readonly seconds: number;
}

/** Shorter was no try at it. Our choice. */
const LEAST_S = 3;

/** What was done when, as the recording goes on; times are seconds from its start. */
export class TaskLog {
  private readonly done = new Map<number, TaskSpan>();
  private open: { readonly step: number; readonly start_s: number } | null = null;

  constructor(private readonly steps: readonly Step[]) {}

  /** A step begins; what was kept of an earlier try at it goes. */
  begin(step: number, at_s: number): void {
    this.done.delete(step);
    this.open = { step, start_s: at_s };
  }

  /** The step that was begun ends; it is kept unless it was too short to be a try. */
  end(at_s: number): void {
    if (this.open && at_s - this.open.start_s >= LEAST_S) this.done.set(this.open.step, this.spanTo(at_s));
    this.open = null;
  }

  /** The step that was begun does not count. */
  discard(): void {
    this.open = null;
  }

  /** What was done until now, in the order of time; what is going on counts as ending now. */
  spans(now_s: number): TaskSpan[] {
    const going = this.open && now_s - this.open.start_s >= LEAST_S ? [this.spanTo(now_s)] : [];
    return [...this.done.values(), ...going].sort((a, b) => a.start_s - b.start_s);
  }

  private spanTo(end_s: number): TaskSpan {
    const { step, start_s } = this.open!;
    return { task: this.steps[step]!.task, start_s: rounded(start_s), end_s: rounded(end_s) };
  }
}

function rounded(seconds: number): number {
  return Math.round(1000 * seconds) / 1000;
}
