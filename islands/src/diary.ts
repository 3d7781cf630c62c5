// The diary in the browser: an entry is kept here, encrypted, until the server has taken it.
// Without a secure context, or without JavaScript, the forms are sent as forms.
import { SealedQueue, type Waiting } from "./diary-queue";
import { sendAll, takeBack, type Addresses, type Outcome, type Receipt } from "./diary-sending";

const AGAIN_MS = 30_000;
const LONGEST_WAIT_AT_LOG_OUT_MS = 4000;

class Diary {
  private readonly queue = new SealedQueue();
  private readonly at: Addresses;
  private owner = "";

  constructor(private readonly root: HTMLElement) {
    this.at = { diary: root.dataset["diary"]!, sender: root.dataset["sender"]! };
  }

  async begin(): Promise<void> {
    this.listen();
    void navigator.serviceWorker.register(this.root.dataset["worker"]!).catch(() => undefined);
    const shown = this.root.dataset["owner"];
    if (shown) await this.queue.setOwner(shown);
    this.owner = shown ?? (await this.queue.owner());
    if (!this.owner) this.say(this.words("nobody"));
    else await this.send();
  }

  private listen(): void {
    for (const form of this.root.querySelectorAll<HTMLFormElement>("#now, #entry"))
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        void this.take(form, event.submitter);
      });
    this.root.addEventListener("input", () => {
      if (document.getElementById("sending")!.textContent === this.words("saved")) this.say("");
    });
    addEventListener("online", () => void this.send());
    document.addEventListener("visibilitychange", () => void this.sendIfSeen());
    setInterval(() => void this.sendIfSeen(), AGAIN_MS);
    const leaving = document.querySelector<HTMLFormElement>('form[action$="/account/logout/"]');
    leaving?.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.leave(leaving);
    });
  }

  private async take(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
    if (!this.owner) return this.say(this.words("nobody"));
    const entry = entryFrom(form, submitter, this.owner);
    if (!entry) return this.say(this.words("empty"));
    await this.queue.put(entry);
    form.reset();
    await this.send(entry.id);
  }

  /** Send what waits; one page at a time, so that nothing is sent twice at once. */
  private async send(mine = ""): Promise<void> {
    await navigator.locks.request("diary", async () => {
      if (!(await this.isWaiting())) return;
      this.say(this.words("sending"));
      const outcome = await sendAll(this.queue, this.owner, this.at);
      await this.tell(outcome, mine);
    });
  }

  private async sendIfSeen(): Promise<void> {
    if (document.visibilityState === "visible") await this.send();
  }

  private async isWaiting(): Promise<boolean> {
    return this.owner !== "" && (await this.queue.all(this.owner)).length > 0;
  }

  private async tell(outcome: Outcome, mine: string): Promise<void> {
    const last = outcome.receipts.at(-1);
    if (outcome.kind === "sent") this.say(this.words("saved"), last ? [this.undo(last)] : []);
    else if (outcome.kind === "refused") this.tellRefused(outcome.entry, outcome.problems);
    else if (outcome.kind === "logged-out") this.say(await this.waitingWords("log-in"), [this.logIn()]);
    else this.say(await this.waitingWords("waiting"), mine ? [this.undoWaiting(mine)] : []);
    if (last) await refresh();
  }

  private tellRefused(entry: Waiting, problems: readonly string[]): void {
    const drop = () => this.queue.drop(entry.id);
    this.say(`${this.words("refused")} ${problems.join(" ")}`, [
      this.button("mend", async () => {
        fill(this.root.querySelector<HTMLFormElement>("#entry")!, entry);
        await drop();
        this.say("");
      }),
      this.button("drop", async () => {
        await drop();
        this.say("");
        await this.send();
      }),
    ]);
  }

  private undo(receipt: Receipt): HTMLElement {
    return this.button("undo", async () => {
      if (!(await takeBack(receipt, this.at))) return this.say(this.words("still-there"), [this.undo(receipt)]);
      this.say(this.words("undone"));
      await refresh();
    });
  }

  private undoWaiting(id: string): HTMLElement {
    return this.button("undo", async () => {
      await this.queue.drop(id);
      this.say(this.words("undone"));
    });
  }

  private logIn(): HTMLElement {
    const link = document.createElement("a");
    link.className = "button quiet small";
    link.href = this.at.diary;
    link.textContent = this.words("log-in-link");
    return link;
  }

  private button(name: string, act: () => Promise<void>): HTMLElement {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button quiet small";
    made.textContent = this.words(name);
    made.addEventListener("click", () => void act());
    return made;
  }

  private say(words: string, ways: readonly HTMLElement[] = []): void {
    document.getElementById("sending")!.textContent = words;
    document.getElementById("sending-ways")!.replaceChildren(...ways);
  }

  private words(name: string): string {
    return this.root.getAttribute(`data-${name}`) ?? "";
  }

  private async waitingWords(name: string): Promise<string> {
    const waiting = await this.queue.all(this.owner);
    return this.words(name).replace("{n}", String(waiting.length));
  }

  /** What waits is sent if it can be; then nothing of the diary stays in the browser. */
  private async leave(form: HTMLFormElement): Promise<void> {
    await Promise.race([this.send(), after(LONGEST_WAIT_AT_LOG_OUT_MS)]).catch(() => undefined);
    await this.queue.clear();
    form.submit();
  }
}

function entryFrom(form: HTMLFormElement, submitter: HTMLElement | null, owner: string): Waiting | null {
  const typed = [...new FormData(form, submitter)].flatMap(([name, value]) =>
    typeof value === "string" && value.trim() && !OURS.has(name) ? [[name, value] as const] : [],
  );
  if (!typed.some(([name]) => name !== "at")) return null;
  const now = new Date();
  const at = typed.find(([name]) => name === "at")?.[1] ?? localTime(now);
  const id = crypto.randomUUID();
  const offset = -new Date(at).getTimezoneOffset();
  const rest = typed.filter(([name]) => name !== "at");
  return {
    id,
    owner,
    fields: [...rest, ["at", at], ["offset_min", String(offset)], ["sent_as", id]],
  };
}

const OURS = new Set(["csrfmiddlewaretoken", "sent_as", "offset_min"]);

function localTime(now: Date): string {
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}

/** Put an entry back into the form it came from. */
function fill(form: HTMLFormElement, entry: Waiting): void {
  form.reset();
  for (const [name, value] of entry.fields)
    for (const field of form.querySelectorAll<HTMLInputElement>(`[name="${name}"]`))
      if (field.type !== "radio" && field.type !== "checkbox") field.value = value;
      else if (field.value === value) field.checked = true;
  for (const more of form.querySelectorAll("details")) more.open = true;
}

/** Show the entries as the server has them now. */
async function refresh(): Promise<void> {
  const kept = document.getElementById("kept");
  if (!kept) return;
  const answer = await fetch(location.href, { redirect: "manual" }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("kept");
  if (fresh) kept.replaceWith(fresh);
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const root = document.getElementById("writing");
if (root && isSecureContext && "serviceWorker" in navigator && "locks" in navigator) void new Diary(root).begin();
