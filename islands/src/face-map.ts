import { Scope } from "./scope";

/**
 * Reads a face map's numbers out where the pointer or the focus is.
 *
 * The drawing is in the page already: an SVG whose `[data-muscle]` shapes carry their words in
 * `data-text`, and a `[data-readout]` line. Event: `muscle-select` with `{ muscle, side }`.
 */
export class FaceMap extends HTMLElement {
  private scope: Scope | null = null;

  connectedCallback(): void {
    this.scope = new Scope();
    for (const type of ["pointerover", "focusin"] as const)
      this.scope.on(this, type, (event) => this.read(shapeOf(event)));
    this.scope.on(this, "click", (event) => this.choose(shapeOf(event)));
    this.scope.on(this, "keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      this.choose(shapeOf(event));
    });
  }

  disconnectedCallback(): void {
    this.scope?.end();
    this.scope = null;
  }

  private read(shape: SVGElement | null): void {
    const readout = this.querySelector<HTMLElement>("[data-readout]");
    if (readout && shape) readout.textContent = shape.dataset["text"] ?? "";
  }

  private choose(shape: SVGElement | null): void {
    if (!shape) return;
    this.read(shape);
    const { muscle, side } = shape.dataset;
    this.dispatchEvent(new CustomEvent("muscle-select", { detail: { muscle, side }, bubbles: true }));
  }
}

function shapeOf(event: Event): SVGElement | null {
  return event.target instanceof Element ? event.target.closest<SVGElement>("[data-muscle]") : null;
}
