import { Scope } from "./scope";

/**
 * Units of botulinum toxin, entered on the face.
 *
 * The page has it all without this element: a drawing whose `[data-muscle]` shapes name their
 * field in `data-field`, and a table of those fields. The fields hold the numbers; the drawing only
 * shows them and leads to them: a muscle is chosen with the pointer, or with the arrow keys and Enter,
 * and its number written in the entry beneath the face. No number is ever proposed.
 */
export class DoseMap extends HTMLElement {
  private scope: Scope | null = null;
  private shapes: SVGElement[] = [];
  private open: SVGElement | null = null;

  connectedCallback(): void {
    this.scope = new Scope();
    this.shapes = [...this.querySelectorAll<SVGElement>("[data-muscle]")];
    this.prepare();
    this.scope.on(this, "click", (event) => this.clicked(event));
    this.scope.on(this, "keydown", (event) => this.pressed(event));
    this.scope.on(this, "input", (event) => this.typed(event));
    for (const type of ["pointerover", "focusin"] as const)
      this.scope.on(this, type, (event) => this.read(shapeOf(event)));
    this.scope.on(this.form ?? this, "change", () => this.paint());
    this.paint();
  }

  disconnectedCallback(): void {
    this.scope?.end();
    this.scope = null;
  }

  private get form(): HTMLFormElement | null {
    return this.closest("form");
  }

  private get entry(): HTMLInputElement {
    return this.querySelector<HTMLInputElement>("[data-entry] input")!;
  }

  private prepare(): void {
    this.querySelector("svg")?.setAttribute("role", "group");
    for (const hidden of this.querySelectorAll<HTMLElement>("[data-how], [data-total-line]")) hidden.hidden = false;
    for (const shape of this.shapes) shape.setAttribute("role", "button");
    if (this.shapes[0]) this.rove(this.shapes[0]);
  }

  /** One stop of the Tab key for the whole face; the arrow keys go from muscle to muscle. */
  private rove(to: SVGElement): void {
    for (const shape of this.shapes) shape.setAttribute("tabindex", shape === to ? "0" : "-1");
  }

  private clicked(event: MouseEvent): void {
    const shape = shapeOf(event);
    if (shape) this.enter(shape);
    else if (event.target instanceof Element && event.target.closest("[data-done]")) this.leave();
  }

  private pressed(event: KeyboardEvent): void {
    const shape = shapeOf(event);
    if (shape) this.pressedOnFace(event, shape);
    else if (event.target === this.entry && (event.key === "Enter" || event.key === "Escape")) {
      event.preventDefault(); // Enter would send the form
      this.leave();
    }
  }

  private pressedOnFace(event: KeyboardEvent, shape: SVGElement): void {
    const way = WAYS[event.key];
    if (way) this.go(nearest(shape, this.shapes, way));
    else if (event.key === "Enter" || event.key === " ") this.enter(shape);
    else return;
    event.preventDefault();
  }

  private go(to: SVGElement | null): void {
    if (!to) return;
    this.rove(to);
    to.focus();
  }

  private enter(shape: SVGElement): void {
    this.leave(false);
    this.rove(shape);
    this.open = shape;
    shape.classList.add("open");
    this.querySelector<HTMLElement>("[data-entry]")!.hidden = false;
    this.querySelector<HTMLElement>("[data-entry-label]")!.textContent =
      `${shape.dataset["label"]} (${this.dataset["unit"]})`;
    this.entry.value = this.field(shape).value;
    this.entry.focus();
    this.entry.select();
  }

  private leave(andFocus = true): void {
    const shape = this.open;
    if (!shape) return;
    this.open = null;
    shape.classList.remove("open");
    this.querySelector<HTMLElement>("[data-entry]")!.hidden = true;
    if (andFocus) shape.focus();
  }

  private typed(event: Event): void {
    if (event.target === this.entry && this.open) this.field(this.open).value = this.entry.value;
    this.paint();
  }

  private field(shape: SVGElement): HTMLInputElement {
    return this.querySelector<HTMLInputElement>(`input[name="${shape.dataset["field"]}"]`)!;
  }

  private read(shape: SVGElement | null): void {
    const readout = this.querySelector<HTMLElement>("[data-readout]");
    if (readout && shape) readout.textContent = shape.getAttribute("aria-label");
  }

  private paint(): void {
    const affected = this.form?.querySelector<HTMLSelectElement>("[name=affected_side]")?.value ?? "";
    for (const shape of this.shapes) this.paintOne(shape, affected);
    this.tellTotal();
  }

  private paintOne(shape: SVGElement, affected: string): void {
    const units = this.field(shape).value.trim();
    const { field, label, side } = shape.dataset;
    shape.classList.toggle("dosed", units !== "");
    shape.classList.toggle("affected", units !== "" && side === affected);
    shape.classList.toggle("other", units !== "" && affected !== "" && side !== affected);
    shape.setAttribute("aria-label", `${label}: ${units ? `${units} ${this.dataset["unit"]}` : this.dataset["none"]}`);
    this.querySelector(`[data-amount="${field}"]`)!.textContent = units;
  }

  private tellTotal(): void {
    const total = sum(this.shapes.map((shape) => this.field(shape).value.trim()));
    this.querySelector<HTMLElement>("[data-total]")!.textContent = total ?? "–";
    const brand = this.form?.querySelector<HTMLSelectElement>("[name=brand]");
    this.querySelector<HTMLElement>("[data-brand]")!.textContent =
      `${this.dataset["unit"]}${brand?.value ? ` · ${brand.selectedOptions[0]?.text}` : ""}`;
  }
}

const WAYS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const THOUSANDTHS = 1000;

/** The sum of numbers as they are written, exact; null while one of them is no number. */
export function sum(written: string[]): string | null {
  const amounts = written.filter((text) => text !== "");
  if (!amounts.every((text) => /^\d{1,5}(\.\d{0,3})?$|^\.\d{1,3}$/.test(text))) return null;
  const total = amounts.reduce((all, text) => all + Math.round(Number(text) * THOUSANDTHS), 0);
  return String(total / THOUSANDTHS);
}

/** The next muscle in a direction: near, and not far to the side of the way. */
export function nearest(
  from: SVGElement,
  shapes: readonly SVGElement[],
  [dx, dy]: readonly [number, number],
): SVGElement | null {
  let best: SVGElement | null = null;
  let shortest = Infinity;
  for (const shape of shapes) {
    const [x, y] = [place(shape, "x") - place(from, "x"), place(shape, "y") - place(from, "y")];
    const along = x * dx + y * dy;
    const aside = Math.abs(x * dy) + Math.abs(y * dx);
    if (along > 0 && along + 2 * aside < shortest) {
      best = shape;
      shortest = along + 2 * aside;
    }
  }
  return best;
}

function place(shape: SVGElement, axis: "x" | "y"): number {
  return Number(shape.dataset[axis]);
}

function shapeOf(event: Event): SVGElement | null {
  return event.target instanceof Element ? event.target.closest<SVGElement>("[data-muscle]") : null;
}

if (!customElements.get("dose-map")) customElements.define("dose-map", DoseMap);
