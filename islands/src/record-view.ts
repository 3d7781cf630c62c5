import { pictureOf } from "./record-camera";
import { TaskLog, type Step } from "./record-protocol";
import { TakeRecorder } from "./record-recorder";
import { ProtocolRun, type Host, type Standing } from "./record-run";
import type { Take, TakeStore } from "./record-store";
import { Voice } from "./record-voice";
import { clock, type Words } from "./record-words";

const TICK_MS = 200;

interface Shown extends Step {
  readonly name: string;
  readonly how: string;
  readonly isReading: boolean;
}

/** Called when a recording has ended, with what is kept of it. */
export type Recorded = (take: Take, isFull: boolean) => void;

/** The part of the page that leads through the tasks while the camera records. */
export class GuidedView implements Host {
  private readonly steps: readonly Shown[];
  private readonly log: TaskLog;
  private readonly run: ProtocolRun;
  private readonly voice = new Voice();
  private readonly recorder: TakeRecorder;
  private take!: Take;
  private timer = 0;
  private awake: WakeLockSentinel | null = null;
  private told: Recorded | null = null;

  constructor(
    private readonly root: HTMLElement,
    private readonly element: HTMLElement,
    private readonly words: Words,
    private readonly store: TakeStore,
    private readonly stream: MediaStream,
  ) {
    this.steps = [...element.querySelectorAll<HTMLElement>("[data-protocol] [data-task]")].map(readStep);
    this.log = new TaskLog(this.steps);
    this.run = new ProtocolRun(this.steps, this.log, this);
    const know = (): Pick<Take, "tasks" | "next"> => ({ tasks: this.log.spans(this.now_s()), next: this.run.next_step });
    this.recorder = new TakeRecorder(stream, store, know, () => void this.stopped());
  }

  async start(owner: string, step: number, told: Recorded): Promise<void> {
    this.told = told;
    this.voice.isMuted = this.mute.getAttribute("aria-pressed") === "true";
    await this.recorder.start((type) => (this.take = newTake(owner, type, this.stream, step)));
    this.stream.getVideoTracks()[0]?.addEventListener("ended", () => this.recorder.stop());
    this.part("recording", this.element).hidden = false;
    this.awake = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
    this.run.start(step);
    this.timer = window.setInterval(() => this.run.tick(), TICK_MS);
  }

  async clicked(what: string, button: HTMLButtonElement | null): Promise<void> {
    if (what === "next") this.run.next();
    else if (what === "again") this.run.again();
    else if (what === "back") this.run.back();
    else if (what === "mute") this.switchMute(button!);
    else if (what === "finish") this.finished();
  }

  /** Stop; nothing is told any more. */
  async end(): Promise<void> {
    this.told = null;
    this.finished();
  }

  now_s(): number {
    return this.recorder.now_s;
  }

  isTalking(): boolean {
    return this.voice.isTalking;
  }

  lead(step: number): void {
    const { name, how, isReading } = this.steps[step]!;
    this.part("place").textContent = this.words.say("place", { number: step + 1, count: this.steps.length });
    this.part("task-name").textContent = name;
    this.part("task-how").textContent = how;
    this.part("reading-text").hidden = !isReading;
    this.part("task-name").focus({ preventScroll: true }); // a screen reader says it, too
    this.voice.say(`${name}. ${how}`);
  }

  begun(): void {
    this.voice.begin();
  }

  over(): void {
    this.voice.end();
  }

  finished(): void {
    this.run.end();
    this.recorder.stop();
    this.quiet();
  }

  show({ step, phase, left_s }: Standing): void {
    const { seconds } = this.steps[step]!;
    this.part("count").textContent = phase === "lead" ? this.words.say("soon") : clock(Math.ceil(left_s));
    this.part<HTMLProgressElement>("step-progress").value = 1 - left_s / seconds;
    this.part("elapsed", this.element).textContent = clock(this.now_s());
  }

  private async stopped(): Promise<void> {
    const tasks = this.log.spans(this.now_s());
    this.run.end();
    this.quiet();
    const kept = (await this.store.takes(this.take.owner)).find((one) => one.id === this.take.id);
    this.told?.(kept ? { ...kept, tasks: kept.tasks.length ? kept.tasks : tasks } : this.take, this.recorder.isFull);
  }

  private quiet(): void {
    clearInterval(this.timer);
    this.voice.close();
    this.part("recording", this.element).hidden = true;
    void this.awake?.release();
  }

  private switchMute(button: HTMLButtonElement): void {
    this.voice.isMuted = !this.voice.isMuted;
    button.setAttribute("aria-pressed", String(this.voice.isMuted));
    if (this.voice.isMuted) this.voice.hush();
  }

  private get mute(): HTMLButtonElement {
    return this.root.querySelector<HTMLButtonElement>("[data-do=mute]")!;
  }

  private part<E extends HTMLElement>(name: string, root = this.root): E {
    return root.querySelector<E>(`[data-${name}]`)!;
  }
}

/** A recording that begins now. */
export function newTake(owner: string, type: string, stream: MediaStream, next: number): Take {
  const { fps } = pictureOf(stream);
  const [id, started_at] = [crypto.randomUUID(), new Date().toISOString()];
  return { id, owner, kind: "guided", type, started_at, fps, mirrored: false, tasks: [], next, seconds: 0 };
}

function readStep(item: HTMLElement): Shown {
  const { task = "", seconds = "", reading } = item.dataset;
  const text = (name: string): string => item.querySelector(`[data-${name}]`)!.textContent!.trim();
  return { task, seconds: Number(seconds), name: text("name"), how: text("how"), isReading: reading !== undefined };
}
