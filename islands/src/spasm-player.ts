import { type Lane, type PlayerData, type Spasm, chiefMuscles, readDocument, type Span } from "./data";
import {
  clockText, drawLanes, drawOverview, lanesHeight, OVERVIEW_PX, place,
} from "./draw";
import { listenToLanes, listenToOverview } from "./gestures";
import { context2d, fillLegend, readPalette } from "./paint";
import { Scope } from "./scope";
import { type Action, iconPath, skeleton, styleSheet } from "./skeleton";
import { Transport } from "./transport";
import { centre, clamp, firstView, follow, pan, zoom } from "./view";

const LEAD_S = 0.6;
const CHIEF_LANES = 5;
const RATES = [1, 0.5, 0.25];

export interface SpasmSelect {
  index: number;
  spasm: Spasm;
}

/**
 * A recording in step with its spasms and signals.
 *
 * Put a `<video>` inside for the picture, and the data either in a child
 * `<script type="application/json">` or behind the URL in `src` (a `hemiface.player/1` document).
 *
 * Attributes: `src`; `rate`, the speed (1, 0.5 or 0.25); `selected`, the index of a spasm.
 * Events: `spasm-select` with `{ index, spasm }`; `position-change` with `{ time_s }`; `player-ready`.
 * Methods: `seek(time_s)`, `step(frames)`, `toggle()`, `playSpasm(index)`, `showMuscle(name)`.
 */
export class SpasmPlayer extends HTMLElement {
  static readonly observedAttributes = ["src", "rate", "selected"];

  private readonly root = this.attachShadow({ mode: "open" });
  private scope: Scope | null = null;
  private data: PlayerData | null = null;
  private transport: Transport | null = null;
  private view: Span = { start_s: 0, end_s: 1 };
  private muscles: string[] = [];
  private showAll = false;
  private reported_s = NaN;
  private drawRequest = 0;

  connectedCallback(): void {
    this.scope = new Scope();
    // A parser may call this before it has read the children that hold the data.
    if (document.readyState === "loading")
      document.addEventListener("DOMContentLoaded", () => void this.load(), { signal: this.scope.signal });
    else queueMicrotask(() => void this.load());
  }

  disconnectedCallback(): void {
    this.scope?.end();
    this.scope = null;
    this.data = null;
    this.transport = null;
    cancelAnimationFrame(this.drawRequest);
    this.drawRequest = 0;
    this.root.replaceChildren();
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (before === now || !this.scope) return;
    if (name === "src") {
      this.disconnectedCallback();
      this.connectedCallback();
      return;
    }
    if (!this.data) return;
    if (name === "rate") this.applyRate();
    if (name === "selected") this.announce();
    this.draw();
  }

  get rate(): number {
    const asked = Number(this.getAttribute("rate") ?? 1);
    return RATES.includes(asked) ? asked : 1;
  }

  set rate(rate: number) {
    this.setAttribute("rate", String(rate));
  }

  /** Index of the chosen spasm; -1 for none. */
  get selected(): number {
    const asked = Number(this.getAttribute("selected") ?? -1);
    return Number.isInteger(asked) && this.data?.spasms[asked] ? asked : -1;
  }

  get position_s(): number {
    return this.transport?.position_s ?? 0;
  }

  get playing(): boolean {
    return this.transport?.playing ?? false;
  }

  seek(time_s: number): void {
    this.transport?.seek(time_s);
  }

  step(frames: number): void {
    this.transport?.step(frames);
  }

  toggle(): void {
    this.transport?.toggle();
  }

  /** Chooses a spasm, goes there and plays it; who asked for less motion is shown its peak at rest. */
  playSpasm(index: number): void {
    const spasm = this.data?.spasms[index];
    if (!spasm || !this.data) return;
    this.setAttribute("selected", String(index));
    this.view = centre(this.view, spasm.peak_s, this.data.duration_s);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) this.transport?.seek(spasm.peak_s);
    else this.transport?.playSpan(spasm.onset_s - LEAD_S, spasm.onset_s + spasm.duration_s + LEAD_S);
    const detail: SpasmSelect = { index, spasm };
    this.dispatchEvent(new CustomEvent("spasm-select", { detail, bubbles: true, composed: true }));
  }

  /** Adds a muscle's lane to those on show. */
  showMuscle(name: string): void {
    if (this.data?.lanes.some((lane) => lane.muscle === name) && !this.muscles.includes(name))
      this.muscles = [...this.muscles, name];
    this.draw();
  }

  private async load(): Promise<void> {
    const scope = this.scope;
    if (!scope) return;
    const data = await this.readOrFail(scope);
    // Meanwhile the element may have been removed, or put back and filled.
    if (!data || scope.signal.aborted || this.data) return;
    this.data = data;
    this.build(data, scope);
  }

  private async readOrFail(scope: Scope): Promise<PlayerData | null> {
    try {
      return readDocument(await this.fetchDocument(scope));
    } catch (problem) {
      if (!scope.signal.aborted) this.fail(problem);
      return null;
    }
  }

  private async fetchDocument(scope: Scope): Promise<unknown> {
    const src = this.getAttribute("src");
    if (src === null)
      return JSON.parse(this.querySelector('script[type="application/json"]')?.textContent || "null");
    const answer = await fetch(src, { signal: scope.signal });
    if (!answer.ok) throw new Error(`The player's document could not be had: ${answer.status}.`);
    return answer.json();
  }

  private fail(problem: unknown): void {
    const text = problem instanceof Error ? problem.message : String(problem);
    const line = document.createElement("p");
    line.setAttribute("role", "alert");
    line.textContent = text;
    // The slot stays: without data the recording can still be watched.
    this.root.replaceChildren(document.createElement("slot"), line);
  }

  private build(data: PlayerData, scope: Scope): void {
    const video = this.querySelector("video");
    this.root.adoptedStyleSheets = [styleSheet()];
    this.root.replaceChildren(skeleton(data.words, video !== null));
    this.inner(".player").classList.toggle("with-film", video !== null);
    this.view = firstView(data.duration_s);
    this.muscles = chiefMuscles(data, CHIEF_LANES);
    this.transport = new Transport(video, data.times_s, data.duration_s, () => this.moved(), scope);
    if (video) this.takeOver(video, scope);
    this.listen(scope);
    this.applyRate();
    this.draw();
    this.dispatchEvent(new CustomEvent("player-ready", { bubbles: true }));
  }

  /** The video's own controls serve who has no script; here ours replace them, and are given back. */
  private takeOver(video: HTMLVideoElement, scope: Scope): void {
    video.controls = false;
    scope.onEnd(() => (video.controls = true));
    scope.on(video, "click", () => this.toggle());
  }

  private listen(scope: Scope): void {
    scope.on(this.root as unknown as HTMLElement, "click", (event) => this.clicked(event));
    scope.on(this, "keydown", (event) => this.pressed(event));
    listenToOverview(this.inner(".overview"), this.duration_s, (time_s) => this.lookAt(time_s), scope);
    listenToLanes(this.inner(".lanes"), this, scope);
    const resize = new ResizeObserver(() => this.draw());
    resize.observe(this.inner(".panel"));
    scope.onEnd(() => resize.disconnect());
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", () => this.draw(), { signal: scope.signal });
    void document.fonts?.ready.then(() => this.draw());
  }

  /** Chooses the spasm at a time, or goes there when there is none. */
  chooseAt(time_s: number, slack_s: number): void {
    const index = (this.data?.spasms ?? []).findIndex(
      (one) => time_s >= one.onset_s - slack_s && time_s < one.onset_s + one.duration_s + slack_s,
    );
    if (index >= 0) this.playSpasm(index);
    else this.seek(time_s);
  }

  private lookAt(time_s: number): void {
    this.view = centre(this.view, time_s, this.duration_s);
    this.seek(time_s);
  }

  private clicked(event: MouseEvent): void {
    const target = event.target instanceof Element ? event.target.closest("button") : null;
    if (!target) return;
    if (target.dataset["rate"]) this.rate = Number(target.dataset["rate"]);
    if (target.classList.contains("all")) this.toggleAll(target);
    this.act(target.dataset["action"] as Action | undefined);
  }

  private act(action: Action | undefined): void {
    const middle_s = (this.view.start_s + this.view.end_s) / 2;
    if (action === "play") this.toggle();
    if (action === "back") this.step(-1);
    if (action === "forward") this.step(1);
    if (action === "previous") this.chooseNext(-1);
    if (action === "next") this.chooseNext(1);
    if (action === "zoomIn") this.zoomBy(0.5, middle_s);
    if (action === "zoomOut") this.zoomBy(2, middle_s);
  }

  private pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const pressed = event.composedPath()[0];
    // Space and Enter on a button press that button.
    if (event.key === " " && pressed instanceof HTMLButtonElement) return;
    const keys: Record<string, () => void> = {
      " ": () => this.toggle(),
      ArrowLeft: () => this.seek(this.position_s - (event.shiftKey ? 5 : 1)),
      ArrowRight: () => this.seek(this.position_s + (event.shiftKey ? 5 : 1)),
      Home: () => this.seek(0),
      End: () => this.seek(this.duration_s),
      ",": () => this.step(-1),
      ".": () => this.step(1),
      n: () => this.chooseNext(1),
      p: () => this.chooseNext(-1),
      "+": () => this.act("zoomIn"),
      "-": () => this.act("zoomOut"),
    };
    const key = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!key) return;
    event.preventDefault();
    key();
  }

  /** The next spasm after the chosen one, or after the present time when none is chosen. */
  private chooseNext(step: 1 | -1): void {
    const spasms = this.data?.spasms ?? [];
    if (this.selected >= 0) this.playSpasm(clamp(this.selected + step, 0, spasms.length - 1));
    else if (step > 0) this.playSpasm(spasms.findIndex((spasm) => spasm.onset_s >= this.position_s));
    else this.playSpasm(spasms.filter((spasm) => spasm.onset_s < this.position_s).length - 1);
  }

  private toggleAll(button: Element): void {
    this.showAll = !this.showAll;
    button.setAttribute("aria-pressed", String(this.showAll));
    this.draw();
  }

  /** The stretch of time on show. */
  get shown(): Span {
    return this.view;
  }

  zoomBy(factor: number, anchor_s: number): void {
    this.view = zoom(this.view, factor, anchor_s, this.duration_s);
    this.draw();
  }

  panBy(by_s: number): void {
    this.view = pan(this.view, by_s, this.duration_s);
    this.draw();
  }

  private applyRate(): void {
    if (this.transport) this.transport.rate = this.rate;
    for (const button of this.root.querySelectorAll<HTMLElement>("[data-rate]"))
      button.setAttribute("aria-pressed", String(Number(button.dataset["rate"]) === this.rate));
  }

  /** Called for every change of position: the heads move, the traces are drawn only on a new view. */
  private moved(): void {
    if (!this.data) return;
    const before = this.view;
    this.view = follow(this.view, this.position_s, this.duration_s);
    if (this.view !== before) this.draw();
    this.placeHeads();
    this.showClock();
    if (this.position_s === this.reported_s) return;
    this.reported_s = this.position_s;
    this.dispatchEvent(new CustomEvent("position-change", { detail: { time_s: this.position_s }, bubbles: true }));
  }

  private placeHeads(): void {
    const whole = { start_s: 0, end_s: this.duration_s };
    const [overview, lanes] = [this.inner(".overview"), this.inner(".lanes")];
    const at = (view: Span, box: HTMLElement) => `translateX(${place(this.position_s, view, box.clientWidth)}px)`;
    this.inner(".overview .head").style.transform = at(whole, overview);
    this.inner(".lanes .head").style.transform = at(this.view, lanes);
    const frame = this.inner(".window").style;
    frame.left = `${place(this.view.start_s, whole, 100)}%`;
    frame.right = `${100 - place(this.view.end_s, whole, 100)}%`;
  }

  private showClock(): void {
    const clock = this.inner(".clock");
    const total = document.createElement("small");
    total.textContent = ` / ${clockText(this.duration_s, 2)}`;
    clock.replaceChildren(clockText(this.position_s, 2), total);
    const overview = this.inner(".overview");
    overview.setAttribute("aria-valuemax", this.duration_s.toFixed(2));
    overview.setAttribute("aria-valuenow", this.position_s.toFixed(2));
    overview.setAttribute("aria-valuetext", `${this.position_s.toFixed(2)} ${this.word("seconds")}`);
    this.showPlaying();
  }

  private showPlaying(): void {
    const button = this.root.querySelector<HTMLElement>('[data-action="play"]');
    if (!button) return;
    const action = this.transport?.playing ? "pause" : "play";
    button.setAttribute("aria-label", this.word(action));
    button.title = this.word(action);
    button.querySelector("path")?.setAttribute("d", iconPath(action));
  }

  private announce(): void {
    const spasm = this.data?.spasms[this.selected];
    if (!spasm || !this.data) return;
    const place = `${this.word("spasm")} ${this.selected + 1} ${this.word("of")} ${this.data.spasms.length}`;
    const length = `${spasm.duration_s.toFixed(2)} ${this.word("seconds")}`;
    this.inner(".status").textContent = [place, this.word(spasm.side), this.word(spasm.kind), length].join(", ");
  }

  /** Draws at most once per picture of the screen. */
  private draw(): void {
    if (this.drawRequest || !this.data) return;
    this.drawRequest = requestAnimationFrame(() => {
      this.drawRequest = 0;
      if (this.data && this.transport) this.drawNow(this.data);
    });
  }

  private drawNow(data: PlayerData): void {
    const palette = readPalette(this);
    const lanes = this.lanes(data);
    const width = this.inner(".lanes").clientWidth;
    const whole = context2d(this.inner(".overview canvas"), width, OVERVIEW_PX);
    if (whole) drawOverview(whole, data, width, this.selected, palette);
    const detail = context2d(this.inner(".lanes canvas"), width, lanesHeight(lanes.length));
    if (detail) drawLanes(detail, data, lanes, this.view, width, this.selected, palette);
    fillLegend(this.inner(".legend"), data, palette);
    this.placeHeads();
    this.showClock();
  }

  private lanes(data: PlayerData): Lane[] {
    return this.showAll ? data.lanes : data.lanes.filter((lane) => this.muscles.includes(lane.muscle));
  }

  private get duration_s(): number {
    return this.data?.duration_s ?? 0;
  }

  private word(key: string): string {
    return this.data?.words[key] ?? key;
  }

  private inner(selector: string): HTMLElement {
    return this.root.querySelector(selector) as HTMLElement;
  }
}
