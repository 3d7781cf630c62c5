import { Scope } from "./scope";

/**
 * A field of a report that was filled in from what was measured.
 *
 * It says so only while it holds what was measured: `data-measured`, words apart where it holds
 * several.
 */
export class MriProposed extends HTMLElement {
  private scope: Scope | null = null;

  connectedCallback(): void {
    this.scope = new Scope();
    this.scope.on(this, "input", () => this.compare());
    this.compare();
  }

  disconnectedCallback(): void {
    this.scope?.end();
    this.scope = null;
  }

  private compare(): void {
    const isMeasured = held(this) === this.dataset["measured"];
    const [tag, other] = ["[data-tag]", "[data-other]"].map((one) => this.querySelector<HTMLElement>(one));
    if (tag) tag.hidden = !isMeasured;
    if (other) other.hidden = isMeasured;
  }
}

/** What the fields in an element hold. */
export function held(element: Element): string {
  const fields = [...element.querySelectorAll<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>("input, select, textarea")];
  const isTicked = (one: Element): boolean => !(one instanceof HTMLInputElement) || one.checked;
  return fields.filter(isTicked).map((one) => one.value).join(" ");
}

if (!customElements.get("mri-proposed")) customElements.define("mri-proposed", MriProposed);
