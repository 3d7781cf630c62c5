import type { Picture } from "./record-camera";
import { CHECKS, type Check, type Fault } from "./record-checks";
import type { Words } from "./record-words";

const SETTLED_MS = 1200; // words change no faster than they can be read or heard

/** The part of the page where the face is placed: an outline, words, a list of what is right. */
export class LookView {
  private said = "";
  private changed = 0;

  constructor(
    private readonly root: HTMLElement,
    private readonly words: Words,
  ) {}

  open({ width, height, fps }: Picture, hasSound: boolean, bytesLeft: number | null): void {
    const told = [this.words.say("gives", { width, height, fps })];
    if (!hasSound) told.push(this.words.say("without-sound"));
    if (bytesLeft !== null) told.push(this.words.say("little-room", { megabytes: Math.floor(bytesLeft / 1e6) }));
    this.part("camera").textContent = told.join(" ");
  }

  tell(faults: ReadonlyMap<Check, Fault> | null): void {
    const worst = faults && CHECKS.map((one) => faults.get(one)).find((one) => one !== undefined);
    this.part("outline").classList.toggle("fits", faults?.size === 0);
    this.part("checks").hidden = faults === null;
    for (const item of this.root.querySelectorAll<HTMLElement>("[data-check]"))
      this.mark(item, faults ?? new Map());
    this.advise(faults === null ? "unchecked" : (worst ?? "good"));
  }

  close(): void {
    this.part("outline").classList.remove("fits");
    this.said = "";
  }

  private mark(item: HTMLElement, faults: ReadonlyMap<Check, Fault>): void {
    const isRight = !faults.has(item.dataset["check"] as Check) && !faults.has("face");
    item.classList.toggle("right", isRight);
    item.querySelector("[data-verdict]")!.textContent = this.words.say(isRight ? "right" : "wrong");
  }

  private advise(word: string): void {
    const now = performance.now();
    if (word === this.said || now - this.changed < SETTLED_MS) return;
    this.said = word;
    this.changed = now;
    this.part("advice").textContent = this.words.say(word);
  }

  private part(name: string): HTMLElement {
    return this.root.querySelector<HTMLElement>(`[data-${name}]`)!;
  }
}
