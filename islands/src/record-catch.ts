import { join, type FaceSource } from "./record-face";
import { Ring } from "./record-ring";
import { FullError, type Take, type TakeStore } from "./record-store";
import { newTake } from "./record-view";
import type { Words } from "./record-words";

const TICK_MS = 1000;

/** The part of the page where the last minute is held until somebody taps. */
export class CatchView {
  private readonly ring: Ring;
  private readonly abort = new AbortController();
  private timer = 0;
  private owner = "";
  private told: ((take: Take) => void) | null = null;

  constructor(
    private readonly root: HTMLElement,
    private readonly words: Words,
    private readonly store: TakeStore,
    private readonly stream: MediaStream,
    private readonly face: FaceSource,
  ) {
    this.ring = new Ring(stream);
  }

  async start(owner: string, told: (take: Take) => void): Promise<void> {
    [this.owner, this.told] = [owner, told];
    this.tell("");
    this.timer = window.setInterval(() => this.show(), TICK_MS);
    await this.ring.start();
    this.show();
  }

  async clicked(what: string, button: HTMLButtonElement | null): Promise<void> {
    if (what !== "caught" || button!.disabled) return;
    button!.disabled = true;
    this.tell(this.words.say("saving"));
    clearInterval(this.timer);
    try {
      this.told?.(await this.save());
    } catch (problem) {
      if (this.told) this.tell(this.words.say("not-saved"));
      if (!(problem instanceof FullError)) console.warn(problem);
    } finally {
      button!.disabled = false;
    }
  }

  async end(): Promise<void> {
    this.told = null;
    clearInterval(this.timer);
    this.abort.abort();
    await this.ring.end();
  }

  private async save(): Promise<Take> {
    const pieces = await this.ring.take();
    const file = pieces.length === 1 ? pieces[0]!.file : await join(pieces, this.face, this.abort.signal);
    const seconds = performance.now() / 1000 - pieces[0]!.began_s;
    const started_at = new Date(Date.now() - 1000 * seconds).toISOString();
    const take: Take = { ...newTake(this.owner, file.type, this.stream, 0), kind: "spasm", seconds, started_at };
    await this.store.append(take.id, "video", 0, file);
    await this.store.put(take);
    return take;
  }

  private show(): void {
    this.root.querySelector("[data-held]")!.textContent = this.words.say("held", { seconds: Math.floor(this.ring.held_s) });
  }

  private tell(sentence: string): void {
    this.root.querySelector("[data-caught]")!.textContent = sentence;
  }
}
