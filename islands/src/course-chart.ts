import { Scope } from "./scope";

const DAY_MS = 86_400_000;
const LEAST_DAYS = 14;

/**
 * The course of a patient on one axis of time.
 *
 * The site draws it, and the page has it all without this element. The element asks for the drawing
 * of other days: by buttons, or with the keyboard while the drawing has the focus.
 */
export class CourseChart extends HTMLElement {
  private scope: Scope | null = null;
  private asked = 0;

  connectedCallback(): void {
    this.scope = new Scope();
    for (const hidden of this.querySelectorAll<HTMLElement>("[data-tools]")) hidden.hidden = false;
    this.scope.on(this, "click", (event) => this.clicked(event));
    this.scope.on(this.drawing, "keydown", (event) => this.pressed(event));
    // Answers that arrive later bring the fitted curve with them.
    this.scope.on(document, "htmx:afterSwap" as keyof HTMLElementEventMap, (event) => {
      if (event.target instanceof Element && event.target.id === "answers") void this.show(this.days);
    });
  }

  disconnectedCallback(): void {
    this.scope?.end();
    this.scope = null;
  }

  private get drawing(): HTMLElement {
    return this.querySelector<HTMLElement>("[data-drawing]")!;
  }

  /** First and last day shown, as days since 1970. */
  private get days(): [number, number] {
    return this.read("first", "last");
  }

  private get whole(): [number, number] {
    return this.read("wholeFirst", "wholeLast");
  }

  private read(first: string, last: string): [number, number] {
    const told = this.querySelector<HTMLElement>("[data-first]")!.dataset;
    return [Date.parse(told[first]!) / DAY_MS, Date.parse(told[last]!) / DAY_MS];
  }

  private clicked(event: MouseEvent): void {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const { days, zoom, move } = button?.dataset ?? {};
    if (days === "all") void this.show(this.whole);
    else if (days) void this.show([this.days[1] - Number(days), this.days[1]]);
    else if (zoom) this.zoom(Number(zoom));
    else if (move) this.move(Number(move));
  }

  private pressed(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const [first, last] = this.days;
    const [begin, end] = this.whole;
    const actions: Record<string, () => void> = {
      ArrowLeft: () => this.move(-0.25),
      ArrowRight: () => this.move(0.25),
      "+": () => this.zoom(0.5),
      "-": () => this.zoom(2),
      Home: () => void this.show([begin, begin + last - first]),
      End: () => void this.show([end - last + first, end]),
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  /** Closer or wider about the middle. */
  private zoom(by: number): void {
    const [first, last] = this.days;
    const half = Math.max((by * (last - first)) / 2, LEAST_DAYS / 2);
    void this.show([(first + last) / 2 - half, (first + last) / 2 + half]);
  }

  /** Through time, by a share of what is shown; never past the ends. */
  private move(share: number): void {
    const [first, last] = this.days;
    const [begin, end] = this.whole;
    const step = Math.min(Math.max(share * (last - first), begin - first), end - last);
    void this.show([first + step, last + step]);
  }

  private async show([first, last]: [number, number]): Promise<void> {
    const turn = ++this.asked;
    const query = new URLSearchParams({ first: iso(Math.floor(first)), last: iso(Math.ceil(last)) });
    const measure = this.querySelector<HTMLSelectElement>("#measure option[selected]")?.closest("select");
    if (measure) query.set("measure", measure.value);
    const answer = await fetch(`${this.dataset.from}?${query}`);
    if (!answer.ok || turn !== this.asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    this.drawing.replaceChildren(...page.body.children);
  }
}

function iso(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

if (!customElements.get("course-chart")) customElements.define("course-chart", CourseChart);
