import { readPlace, sayPlace, type Place } from "./mri-space";
import type { Scope } from "./scope";

/** What the form of points asks of the pictures. */
export interface Pictures {
  place: Place;
  /** A point was chosen, or none: tell, and let it be set. */
  chosen(told: string, isChosen: boolean): void;
  moved(points: Place[]): void;
}

/** The form of points: each can be chosen, set, shown and taken back. */
export class PointsForm {
  private chosen: HTMLElement | null = null;
  private readonly before = new Map<HTMLElement, string[]>();

  constructor(
    private readonly form: HTMLFormElement,
    private readonly pictures: Pictures,
    private readonly words: DOMStringMap,
    scope: Scope,
    private readonly setAtOnce: boolean,
  ) {
    for (const hidden of form.querySelectorAll<HTMLElement>("[data-go], [data-undo]")) hidden.hidden = false;
    scope.on(form, "click", (event) => this.clicked(event));
    scope.on(form, "change", () => this.tell());
    this.tell();
  }

  /** A place was clicked, or Enter was pressed at it: the chosen point is set there. */
  put(place: Place): void {
    if (this.chosen) this.set(this.chosen, sayPlace(place));
  }

  /** Leave the chosen point as it is. */
  leave(): void {
    this.choose(null);
  }

  private clicked(event: MouseEvent): void {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const point = button?.closest<HTMLElement>("[data-point]");
    if (!button || !point) return;
    event.preventDefault();
    const at = readPlace(input(point).value);
    if ("set" in button.dataset && this.setAtOnce) this.set(point, sayPlace(this.pictures.place));
    else if ("set" in button.dataset) this.choose(this.chosen === point ? null : point);
    else if ("go" in button.dataset && at) this.pictures.place = at;
    else if ("undo" in button.dataset) this.undo(point);
  }

  private choose(point: HTMLElement | null): void {
    this.chosen?.classList.remove("chosen");
    this.chosen = point;
    point?.classList.add("chosen");
    const told = point ? this.words["saidChoose"]!.replace("{point}", label(point)) : "";
    this.pictures.chosen(told, point !== null);
  }

  private set(point: HTMLElement, text: string): void {
    const field = input(point);
    this.before.set(point, [...(this.before.get(point) ?? []), field.value]);
    field.value = text;
    this.choose(null);
    const told = this.words["saidSet"]!.replace("{point}", label(point)).replace("{place}", text);
    this.pictures.chosen(told, false);
    this.tell();
  }

  private undo(point: HTMLElement): void {
    const last = this.before.get(point)?.pop();
    if (last !== undefined) input(point).value = last;
    this.tell();
  }

  private tell(): void {
    const points = [...this.form.querySelectorAll<HTMLElement>("[data-point]")];
    for (const point of points)
      point.querySelector<HTMLButtonElement>("[data-undo]")!.disabled = !this.before.get(point)?.length;
    this.pictures.moved(points.map((point) => readPlace(input(point).value)).filter((one) => one !== null));
  }
}

function input(point: HTMLElement): HTMLInputElement {
  return point.querySelector("input")!;
}

function label(point: HTMLElement): string {
  return point.querySelector("label")!.firstChild!.textContent!.trim();
}
