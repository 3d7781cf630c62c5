import { CameraError, close, openCamera, pictureOf } from "./record-camera";
import { CatchView } from "./record-catch";
import { LiveChecks, type FaceSource } from "./record-face";
import { LookView } from "./record-look";
import { aboutTake, SendPanel, type Sendable } from "./record-panel";
import { GuidedView } from "./record-view";
import { TakeStore, type Take } from "./record-store";
import { Scope } from "./scope";
import { Words } from "./record-words";

type StepName = "start" | "look" | "record" | "catch" | "send" | "done";

const LITTLE_BYTES = 400_000_000; // eight minutes at the rate that is asked for; our choice

/**
 * Leads a patient from the camera's permission through the tasks to the sending.
 *
 * The page holds every word and every part of it; one step is shown at a time. What was recorded lies
 * in the browser, encrypted, until the server has confirmed all of it.
 */
export class GuidedRecorder extends HTMLElement {
  private scope = new Scope();
  private words!: Words;
  private store!: TakeStore;
  private panel!: SendPanel;
  private look!: LookView;
  private stream: MediaStream | null = null;
  private checks: LiveChecks | null = null;
  private going: GuidedView | CatchView | null = null;
  /** A recording that was broken off, if this one goes on with it. */
  private broken: Take | undefined;

  connectedCallback(): void {
    this.scope = new Scope();
    this.words = new Words(this.querySelector("[data-words]")!);
    this.store = new TakeStore();
    this.look = new LookView(this, this.words);
    const { upload = "", token = "" } = this.dataset;
    this.panel = new SendPanel(this.step("send"), this.words, this.store, { upload, token }, this.face, (said) => this.arrived(said));
    this.scope.on(this, "click", (event) => void this.clicked(event));
    this.scope.on(this.querySelector("[data-file]")!, "change", (event) => void this.chosen(event));
    addEventListener("beforeunload", (event) => this.going && event.preventDefault(), { signal: this.scope.signal });
    void this.listKept().then(() => (this.dataset["ready"] = ""));
  }

  disconnectedCallback(): void {
    this.scope.end();
    this.panel.close();
    void this.turnOff();
  }

  private get face(): FaceSource {
    const { worker = "", loader = "", wasm = "", model = "" } = this.dataset;
    return { worker, ...absolute({ loader, wasm, model }) };
  }

  private async clicked(event: Event): Promise<void> {
    const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>("[data-do]") : null;
    const id = button?.closest<HTMLElement>("[data-take]")?.dataset["take"] ?? "";
    switch (button?.dataset["do"]) {
      case "camera": return this.turnOn();
      case "begin": return this.begin();
      case "catch": return this.catch();
      case "leave": case "later": case "anew": return this.leave();
      case "send": return this.panel.send();
      case "cancel": return this.panel.cancel();
      case "send-kept": return this.sendKept(id);
      case "go-on": return this.goOn(id);
      case "delete": return this.delete(id);
      default: await this.going?.clicked(button?.dataset["do"] ?? "", button);
    }
  }

  private async turnOn(): Promise<void> {
    const told = this.querySelector<HTMLElement>("[data-no-camera]")!;
    told.hidden = true;
    try {
      this.stream ??= await openCamera();
    } catch (problem) {
      if (!(problem instanceof CameraError)) throw problem;
      told.textContent = this.words.say(problem.trouble);
      told.hidden = false;
      return;
    }
    const video = this.querySelector<HTMLVideoElement>("[data-preview]")!;
    video.srcObject = this.stream;
    this.querySelector<HTMLElement>("[data-stage]")!.hidden = false;
    this.show("look");
    this.look.open(pictureOf(this.stream), this.stream.getAudioTracks().length > 0, await hasLittleRoom());
    this.checks = new LiveChecks(video, this.face, (faults) => this.look.tell(faults));
  }

  private async begin(): Promise<void> {
    this.stopChecks();
    this.show("record", false);
    const view = new GuidedView(this.step("record"), this, this.words, this.store, this.stream!);
    this.going = view;
    const broken = this.broken;
    this.broken = undefined;
    await view.start(this.dataset["owner"]!, broken?.next ?? 0, (take, isFull) => void this.recorded(take, isFull));
    if (broken) await this.store.change(broken.id, { next: Infinity }); // there is no going on with it twice
  }

  private async catch(): Promise<void> {
    this.stopChecks();
    this.show("catch");
    const view = new CatchView(this.step("catch"), this.words, this.store, this.stream!, this.face);
    this.going = view;
    await view.start(this.dataset["owner"]!, (take) => void this.recorded(take, false));
  }

  private async recorded(take: Take, isFull: boolean): Promise<void> {
    await this.turnOff();
    await this.openPanel({ take }, isFull);
  }

  private async openPanel(what: Sendable, isFull = false): Promise<void> {
    this.show("send");
    await this.panel.open(what, isFull);
  }

  private async leave(): Promise<void> {
    this.broken = undefined;
    this.panel.close();
    await this.turnOff();
    await this.listKept();
    this.show("start");
  }

  private arrived(sentence: string): void {
    this.panel.close();
    this.querySelector("[data-arrived]")!.textContent = sentence;
    this.show("done");
  }

  private async chosen(event: Event): Promise<void> {
    const file = (event.target as HTMLInputElement).files?.[0];
    if (file) await this.openPanel({ file });
  }

  private async sendKept(id: string): Promise<void> {
    const take = await this.find(id);
    if (take) await this.openPanel({ take });
  }

  private async goOn(id: string): Promise<void> {
    this.broken = await this.find(id);
    await this.turnOn();
  }

  private async delete(id: string): Promise<void> {
    if (!confirm(this.words.say("delete-sure"))) return;
    await this.store.drop(id);
    await this.listKept();
    this.querySelector<HTMLElement>("#record-start")!.focus();
  }

  private async find(id: string): Promise<Take | undefined> {
    return (await this.store.takes(this.dataset["owner"]!)).find((one) => one.id === id);
  }

  private async listKept(): Promise<void> {
    const takes = (await this.store.takes(this.dataset["owner"]!)).filter((one) => one.seconds > 0);
    const n_steps = this.querySelectorAll("[data-protocol] [data-task]").length;
    this.querySelector<HTMLElement>("[data-kept]")!.hidden = takes.length === 0;
    this.querySelector("[data-kept-list]")!.replaceChildren(...takes.map((one) => this.row(one, n_steps)));
  }

  private row(take: Take, n_steps: number): Node {
    const row = this.querySelector<HTMLTemplateElement>("[data-row]")!.content.cloneNode(true) as DocumentFragment;
    row.querySelector<HTMLElement>("li")!.dataset["take"] = take.id;
    row.querySelector("[data-about]")!.textContent = aboutTake(take, this.words);
    row.querySelector<HTMLElement>("[data-do=go-on]")!.hidden = take.kind !== "guided" || take.next >= n_steps;
    return row;
  }

  private async turnOff(): Promise<void> {
    this.stopChecks();
    const going = this.going;
    this.going = null;
    await going?.end();
    close(this.stream);
    this.stream = null;
    this.querySelector<HTMLElement>("[data-stage]")!.hidden = true;
  }

  private stopChecks(): void {
    this.checks?.stop();
    this.checks = null;
    this.look.close();
  }

  private show(name: StepName, takesFocus = true): void {
    for (const one of this.querySelectorAll<HTMLElement>("[data-step]")) one.hidden = one.dataset["step"] !== name;
    this.dataset["shown"] = name;
    if (takesFocus) this.step(name).querySelector<HTMLElement>("h1")!.focus({ preventScroll: true });
    if (this.stream && name !== "send") this.scrollIntoView({ block: "start" }); // a phone has no room for more
    else scrollTo({ top: 0 });
  }

  private step(name: StepName): HTMLElement {
    return this.querySelector<HTMLElement>(`[data-step="${name}"]`)!;
  }
}

/** A worker knows other addresses than the page. */
function absolute<T extends Record<string, string>>(places: T): T {
  return Object.fromEntries(Object.entries(places).map(([name, place]) => [name, new URL(place, document.baseURI).href])) as T;
}

/** How many bytes are left, where that is too few; and ask that what is kept here is not thrown away. */
async function hasLittleRoom(): Promise<number | null> {
  if (!navigator.storage) return null;
  void navigator.storage.persist?.().catch(() => false);
  const { quota, usage } = await navigator.storage.estimate();
  const left = quota === undefined ? Infinity : quota - (usage ?? 0);
  return left < LITTLE_BYTES ? left : null;
}

if (!customElements.get("guided-recorder")) customElements.define("guided-recorder", GuidedRecorder);
