import type { Place } from "./mri-space";
import type { Scope } from "./scope";

type Row = [number, number, number, number, number];

/**
 * The drawing of the gap along a nerve: choosing a point of it, by click or with the slider, tells
 * its place.
 */
export class ProfileDrawing {
  private readonly rows: Row[];
  private readonly slider: HTMLInputElement;
  private readonly mark: SVGGElement;

  constructor(
    private readonly figure: HTMLElement,
    private readonly chosen: (place: Place) => void,
    scope: Scope,
  ) {
    this.rows = JSON.parse(figure.dataset["places"]!) as Row[];
    this.slider = figure.querySelector("input")!;
    this.mark = figure.querySelector<SVGGElement>("[data-mark]")!;
    this.slider.max = String(this.rows.length - 1);
    figure.querySelector<HTMLElement>("[data-slide]")!.hidden = false;
    scope.on(this.slider, "input", () => this.choose(Number(this.slider.value)));
    scope.on(figure.querySelector("svg")!, "click", (event) => this.clicked(event));
  }

  private clicked(event: MouseEvent): void {
    const svg = this.figure.querySelector("svg")!;
    const box = svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
    const away = this.rows.map(([at]) => Math.abs(at - x));
    this.choose(away.indexOf(Math.min(...away)));
  }

  private choose(which: number): void {
    const row = this.rows[which];
    if (!row) return;
    const [x, y, ...place] = row;
    this.slider.value = String(which);
    this.mark.removeAttribute("hidden");
    this.mark.querySelector("path")!.setAttribute("transform", `translate(${x} 0)`);
    this.mark.querySelector("circle")!.setAttribute("transform", `translate(${x} ${y})`);
    this.chosen(place);
  }
}
