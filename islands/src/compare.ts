import { SpasmPlayer } from "./spasm-player";
import "./define";

const [LOOSE_S, TIGHT_S] = [0.15, 0.01]; // how far apart two films may be: while they play, and at rest
const STEP_MS = 100;

/**
 * Two players in step: whichever is touched leads, the other follows.
 *
 * `data-start` is a select whose options say, for each way to line them up, the second of the one and
 * the second of the other that belong together.
 */
export class RecordingPair extends HTMLElement {
  private leader: SpasmPlayer | null = null;
  private between_s = 0;
  private timer = 0;

  connectedCallback(): void {
    this.querySelector<HTMLElement>("[data-controls]")!.hidden = false;
    this.leader = this.players[0] ?? null;
    for (const type of ["pointerdown", "keydown"]) this.addEventListener(type, (event) => this.lead(event), true);
    this.addEventListener("position-change", (event) => this.follow(event.target));
    this.querySelector("[data-start]")!.addEventListener("change", () => this.begin());
    this.play.addEventListener("click", () => this.toggle());
    this.timer = window.setInterval(() => this.keepStep(), STEP_MS);
  }

  disconnectedCallback(): void {
    clearInterval(this.timer);
  }

  private get players(): SpasmPlayer[] {
    return [...this.querySelectorAll("spasm-player")].filter((one): one is SpasmPlayer => one instanceof SpasmPlayer);
  }

  private get play(): HTMLButtonElement {
    return this.querySelector<HTMLButtonElement>("[data-play]")!;
  }

  private lead(event: Event): void {
    const touched = event.target instanceof Element ? event.target.closest("spasm-player") : null;
    if (touched instanceof SpasmPlayer) this.leader = touched;
  }

  private begin(): void {
    const select = this.querySelector<HTMLSelectElement>("[data-start]")!;
    const [first = 0, second = 0] = select.value.split(" ").map(Number);
    this.between_s = second - first;
    this.leader = this.players[0] ?? null;
    this.leader?.seek(first);
    this.follow(this.leader);
  }

  private toggle(): void {
    this.leader ??= this.players[0] ?? null;
    this.leader?.toggle();
    this.keepStep();
  }

  private follow(moved: EventTarget | null): void {
    const [first, second] = this.players;
    if (!first || !second || moved !== this.leader || !this.leader) return;
    const other = moved === first ? second : first;
    const wanted_s = Math.max(0, this.leader.position_s + (moved === first ? this.between_s : -this.between_s));
    if (Math.abs(other.position_s - wanted_s) > (this.leader.playing ? LOOSE_S : TIGHT_S)) other.seek(wanted_s);
  }

  /** Playing and speed follow, too; the button says what it would do. */
  private keepStep(): void {
    const { leader, play } = this;
    if (!leader) return;
    for (const one of this.players) {
      if (one !== leader && one.rate !== leader.rate) one.rate = leader.rate;
      if (one !== leader && one.playing !== leader.playing) one.toggle();
    }
    play.dataset["playWord"] ??= play.textContent ?? "";
    play.textContent = (leader.playing ? play.dataset["pauseWord"] : play.dataset["playWord"]) ?? "";
  }
}

if (!customElements.get("recording-pair")) customElements.define("recording-pair", RecordingPair);
