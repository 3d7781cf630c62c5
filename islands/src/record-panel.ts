import { ENDING } from "./points-format";
import { canFindPoints, findPointsOf, WorkError, type FaceSource } from "./record-face";
import { FullError, type Take, type TakeStore, type Way } from "./record-store";
import { Sending, type Outcome, type Parcel, type Server } from "./record-tus";
import { clock, type Words } from "./record-words";

/** What is to be sent: a recording made here, or a file of the person's own. */
export type Sendable = { readonly take: Take } | { readonly file: File };

const QUARTER = 0.25; // progress is told to a screen reader so often

/** The part of the page where the way of sending is chosen, and its progress shown. */
export class SendPanel {
  private what: Sendable | null = null;
  private stop: (() => Promise<void>) | null = null;
  private seen = "";
  private told = 0;

  constructor(
    private readonly root: HTMLElement,
    private readonly words: Words,
    private readonly store: TakeStore,
    private readonly server: Server,
    private readonly face: FaceSource,
    private readonly arrived: (sentence: string) => void,
  ) {}

  /** Show what is to be sent; `isFull` where the device had no room for all of it. */
  async open(what: Sendable, isFull = false): Promise<void> {
    this.what = what;
    this.tell("");
    this.show("full", isFull);
    this.show("after", "take" in what);
    this.show("no-points", !canFindPoints());
    this.radio("points").disabled = !canFindPoints();
    if (!canFindPoints()) this.radio("video").checked = true;
    this.part("about").textContent = this.about(what);
    this.isOnTheWay = false;
    this.see(await this.video(what));
  }

  close(): void {
    this.see(null);
    void this.stop?.();
  }

  /** Send in the chosen way; what is on this device goes once the server has said that all is there. */
  async send(): Promise<void> {
    const what = this.what;
    if (!what || this.stop) return;
    const way: Way = this.radio("points").checked ? "points" : "video";
    this.isOnTheWay = true;
    const file = await this.parcel(what, way);
    const outcome = file ? await this.bring(what, way, file) : null;
    this.stop = null;
    this.isOnTheWay = false;
    if (outcome && outcome !== "sent") this.tell(this.words.say(outcome));
    if (!file || !outcome) return;
    if (outcome === "sent") await this.forget(what);
    else if (outcome === "cancelled") await this.place(what, way, null);
    if (outcome === "sent") this.arrived(this.words.say("sent", { megabytes: megabytes(file) }));
  }

  async cancel(): Promise<void> {
    await this.stop?.();
  }

  private async parcel(what: Sendable, way: Way): Promise<Blob | null> {
    const video = await this.video(what);
    if (!video) this.tell(this.words.say("gone"));
    if (!video || way === "video") return video;
    const found = "take" in what ? await this.store.file(what.take.id, "points", "") : null;
    return found ?? this.find(what, video);
  }

  private async find(what: Sendable, video: Blob): Promise<Blob | null> {
    const abort = new AbortController();
    this.stop = async () => abort.abort();
    const facts = { mirrored: false, started_at: startOf(what), tasks: "take" in what ? what.take.tasks : [] };
    try {
      const points = await findPointsOf(video, facts, this.face, (share, fps) => this.progress("finding", share, fps), abort.signal);
      if ("take" in what) await this.store.append(what.take.id, "points", 0, points).catch(onlyFull);
      return points;
    } catch (problem) {
      this.tell(this.words.say(problem instanceof WorkError ? wordOf(problem) : "cannot-start"));
      return null;
    }
  }

  private async bring(what: Sendable, way: Way, file: Blob): Promise<Outcome> {
    this.told = 0;
    const sending = new Sending(file, parcelOf(what, way), this.server, await this.placeOf(what, way), {
      placed: (url) => void this.place(what, way, url),
      progress: (sent, total) => this.progress("sending", sent / total),
      waiting: () => this.tell(this.words.say("waiting")),
    });
    this.stop = () => sending.cancel();
    return sending.outcome;
  }

  private video(what: Sendable): Promise<Blob | null> {
    return "take" in what ? this.store.file(what.take.id, "video", what.take.type) : Promise.resolve(what.file);
  }

  private async placeOf(what: Sendable, way: Way): Promise<string | undefined> {
    if ("file" in what) return this.store.place(nameOf(what.file, way));
    return (await this.store.takes(what.take.owner)).find((one) => one.id === what.take.id)?.[way];
  }

  private async place(what: Sendable, way: Way, url: string | null): Promise<void> {
    const work = "file" in what ? this.store.setPlace(nameOf(what.file, way), url) : this.store.change(what.take.id, { [way]: url ?? undefined });
    await work.catch(onlyFull);
  }

  private async forget(what: Sendable): Promise<void> {
    if ("take" in what) return this.store.drop(what.take.id);
    for (const way of ["video", "points"] as const) await this.store.setPlace(nameOf(what.file, way), null);
  }

  private progress(word: "finding" | "sending", share: number, fps = 0): void {
    const percent = Math.floor(100 * share);
    const bar = this.part<HTMLProgressElement>("progress");
    bar.value = share;
    this.part("percent").textContent = `${percent} %`;
    if (word === "finding") this.root.dataset["fps"] = fps.toFixed(1);
    const quarter = Math.floor(share / QUARTER);
    if (quarter === this.told && this.part("told").textContent) return;
    this.told = quarter;
    this.tell(this.words.say(word, { percent, fps: Math.round(fps) }));
  }

  private about(what: Sendable): string {
    if ("file" in what) return this.words.say("file", { name: what.file.name, megabytes: megabytes(what.file) });
    return aboutTake(what.take, this.words);
  }

  private see(video: Blob | null): void {
    if (this.seen) URL.revokeObjectURL(this.seen);
    this.seen = video ? URL.createObjectURL(video) : "";
    const player = this.part<HTMLVideoElement>("seen");
    player.hidden = !video;
    if (video) player.src = this.seen;
    else player.removeAttribute("src");
  }

  private set isOnTheWay(is: boolean) {
    this.show("on-the-way", is);
    this.show("before-sending", !is);
    this.part<HTMLFieldSetElement>("ways").disabled = is;
    if (is) this.tell("");
  }

  private tell(sentence: string): void {
    this.part("told").textContent = sentence;
  }

  private show(part: string, is: boolean): void {
    this.part(part).hidden = !is;
  }

  private radio(way: Way): HTMLInputElement {
    return this.root.querySelector<HTMLInputElement>(`[name="way"][value="${way}"]`)!;
  }

  private part<E extends HTMLElement>(name: string): E {
    return this.root.querySelector<E>(`[data-${name}]`)!;
  }
}

/** What a recording is, in a line. */
export function aboutTake(take: Take, words: Words): string {
  const style = { dateStyle: "medium", timeStyle: "short" } as const;
  const when = new Date(take.started_at).toLocaleString(document.documentElement.lang, style);
  return words.say("about", { kind: words.say(take.kind), when, length: clock(take.seconds) });
}

function parcelOf(what: Sendable, kind: Way): Parcel {
  const name = "file" in what ? what.file.name : `${startOf(what).slice(0, 19).replace(/[:T]/g, "-")}${endingOf(what.take.type)}`;
  const filename = kind === "points" ? name.replace(/\.\w+$/, "") + ENDING : name;
  const { tasks = [], mirrored = null, fps = 0 } = "take" in what ? what.take : {};
  return { kind, filename, tasks, mirrored, fps, started_at: startOf(what) };
}

function startOf(what: Sendable): string {
  return "take" in what ? what.take.started_at : new Date(what.file.lastModified).toISOString();
}

function endingOf(type: string): string {
  return type.includes("mp4") ? ".mp4" : ".webm";
}

function nameOf(file: File, way: Way): string {
  return `${way} ${file.size} ${file.lastModified} ${file.name}`;
}

function megabytes(file: Blob): string {
  return (file.size / 1e6).toFixed(1);
}

function wordOf({ message }: WorkError): string {
  return message === "no-face" ? "no-points-face" : message;
}

/** Without room the place of an upload cannot be kept: it begins anew after a reload, and that is all. */
function onlyFull(problem: unknown): void {
  if (!(problem instanceof FullError)) throw problem;
}
