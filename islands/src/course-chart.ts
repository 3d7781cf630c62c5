import { Scope } from "./scope";

type Days = [number, number];

const DAY_MS = 86_400_000;
const LEAST_DAYS = 14;
const ALL: Days = [0, 1e6];

/**
 * The course of a patient on one axis of time.
 *
 * The site draws it, and the page has it all without this element. The element asks for the drawing
 * of other days, by buttons or with the keyboard while the drawing has the focus, and writes out
 * the treatment that is reached in it.
 */
export class CourseChart extends HTMLElement {
  private scope: Scope | null = null;
  private wanted: Days = [0, 0];
  private isAsking = false;

  connectedCallback(): void {
    this.scope = new Scope();
    for (const hidden of this.querySelectorAll<HTMLElement>("[data-tools]")) hidden.hidden = false;
    this.wanted = this.shown;
    this.scope.on(this, "click", (event) => this.clicked(event));
    this.scope.on(this.drawing, "focusin", (event) => this.tell(event));
    this.scope.on(this.drawing, "keydown", (event) => this.pressed(event));
    // Answers that arrive later bring the fitted curve with them, and may reach further.
    this.scope.on(document, "htmx:afterSwap" as keyof HTMLElementEventMap, (event) => {
      if (!(event.target instanceof Element) || event.target.id !== "answers") return;
      void this.show(String(this.shown) === String(this.whole) ? ALL : this.shown);
    });
  }

  disconnectedCallback(): void {
    this.scope?.end();
    this.scope = null;
  }

  private get drawing(): HTMLElement {
    return this.querySelector<HTMLElement>("[data-drawing]")!;
  }

  private get status(): HTMLElement {
    return this.querySelector<HTMLElement>("[data-first]")!;
  }

  /** First and last day shown, as days since 1970. */
  private get shown(): Days {
    return [this.day("first"), this.day("last")];
  }

  private get whole(): Days {
    return [this.day("wholeFirst"), this.day("wholeLast")];
  }

  private day(name: string): number {
    return Date.parse(this.status.dataset[name]!) / DAY_MS;
  }

  private clicked(event: MouseEvent): void {
    this.tell(event);
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const { days, zoom, move } = button?.dataset ?? {};
    if (days === "all") void this.show(this.whole);
    else if (days) void this.show([this.wanted[1] - Number(days), this.wanted[1]]);
    else if (zoom) this.zoom(Number(zoom));
    else if (move) this.move(Number(move));
  }

  private pressed(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const length = this.wanted[1] - this.wanted[0];
    const [begin, end] = this.whole;
    const actions: Record<string, () => void> = {
      ArrowLeft: () => this.move(-0.25),
      ArrowRight: () => this.move(0.25),
      "+": () => this.zoom(0.5),
      "-": () => this.zoom(2),
      Home: () => void this.show([begin, begin + length]),
      End: () => void this.show([end - length, end]),
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  /** Write out the treatment that was reached. */
  private tell(event: Event): void {
    const given = event.target instanceof Element ? event.target.closest(".given") : null;
    const told = this.querySelector<HTMLElement>("[data-told]");
    if (given && told) told.textContent = given.querySelector("title")!.textContent;
  }

  /** Closer or wider about the middle. */
  private zoom(by: number): void {
    const [first, last] = this.wanted;
    const half = Math.max((by * (last - first)) / 2, LEAST_DAYS / 2);
    void this.show([(first + last) / 2 - half, (first + last) / 2 + half]);
  }

  /** Through time, by a share of what is shown; never past the ends. */
  private move(share: number): void {
    const [first, last] = this.wanted;
    const [begin, end] = this.whole;
    const step = Math.min(Math.max(share * (last - first), begin - first), end - last);
    void this.show([first + step, last + step]);
  }

  /** Draw these days; one drawing is asked for at a time, and what was asked meanwhile comes next. */
  private async show(days: Days): Promise<void> {
    this.wanted = days;
    if (this.isAsking) return;
    this.isAsking = true;
    let drawn: Days;
    do {
      drawn = this.wanted;
      await this.draw(drawn);
    } while (drawn !== this.wanted);
    this.wanted = this.shown; // the site fits what is asked for into the whole
    this.isAsking = false;
  }

  private async draw([first, last]: Days): Promise<void> {
    const query = new URLSearchParams({ first: iso(Math.floor(first)), last: iso(Math.ceil(last)) });
    const measure = this.querySelector<HTMLOptionElement>("#measure option[selected]");
    if (measure) query.set("measure", measure.value);
    const answer = await fetch(`${this.dataset.from}?${query}`).catch(() => null);
    if (answer?.redirected) location.reload(); // logged out meanwhile
    if (!answer?.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    this.put(page.querySelector("[data-svg]")!, page.querySelector<HTMLElement>("[data-first]")!);
  }

  private put(fresh: Element, told: HTMLElement): void {
    const old = this.querySelector("[data-svg]")!;
    const hadFocus = old.contains(document.activeElement);
    old.replaceWith(fresh);
    if (hadFocus) this.drawing.focus({ preventScroll: true });
    // The line itself stays: only then is it read aloud when it changes.
    Object.assign(this.status.dataset, told.dataset);
    this.status.textContent = told.textContent;
  }
}

function iso(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

if (!customElements.get("course-chart")) customElements.define("course-chart", CourseChart);
