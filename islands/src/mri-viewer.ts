import { PointsForm } from "./mri-points";
import { ProfileDrawing } from "./mri-profile";
import { canDraw, Scene, type Layer, type View } from "./mri-scene";
import { readPlace, sayPlace, STEPS, type Place } from "./mri-space";
import { Scope } from "./scope";

const STEP_MM = 0.25;
const LARGE_STEP_MM = 2;

/**
 * The pictures of an MRI in three planes and in 3D, and the points that a doctor sets in them.
 *
 * The page has it all without this element: sections as pictures, a form of points, the gap along
 * the nerve as a table. Where the browser cannot draw in 3D, the element shows the sections.
 */
export class MriViewer extends HTMLElement {
  private scope: Scope | null = null;
  private scene: Scene | null = null;
  private points: PointsForm | null = null;
  private at: Place = [0, 0, 0];

  connectedCallback(): void {
    this.scope = new Scope();
    this.at = readPlace(this.dataset["place"] ?? "") ?? this.at;
    const canShow = canDraw();
    if (canShow) void this.show();
    else this.fallBack();
    this.points = new PointsForm(this.querySelector("[data-points]")!, this, this.dataset, this.scope, !canShow);
    for (const figure of this.querySelectorAll<HTMLElement>("[data-profile]"))
      new ProfileDrawing(figure, (place) => (this.place = place), this.scope);
    this.scope.on(this, "click", (event) => this.clicked(event));
  }

  disconnectedCallback(): void {
    this.scope?.end();
    this.scene?.end();
    this.scope = this.scene = null;
  }

  /** Where the crosshair is, LPS mm. */
  get place(): Place {
    return this.at;
  }

  set place(place: Place) {
    this.at = place;
    if (this.scene) this.scene.place = place;
    else this.goTo(place);
  }

  chosen(told: string, isChosen: boolean): void {
    this.querySelector("[data-asked]")!.textContent = told;
    if (!isChosen) return;
    this.querySelector("canvas")!.focus({ preventScroll: true });
    this.querySelector("[data-looking]")!.scrollIntoView({ block: "nearest" });
  }

  /** The points of the form are elsewhere now. */
  moved(points: Place[]): void {
    this.scene?.mark(points);
  }

  private async show(): Promise<void> {
    const looking = this.querySelector<HTMLElement>("[data-looking]")!;
    looking.hidden = false;
    const { t2 = "", tof = "", nerves = "", vessels = "" } = this.dataset;
    const scene = new Scene((place) => this.tell(place));
    try {
      await scene.show(this.querySelector("canvas")!, { t2, tof, nerves, vessels });
    } catch {
      looking.hidden = true;
      return this.fallBack();
    }
    this.scene = scene;
    scene.place = this.at;
    scene.mark(this.allPoints());
    this.listen(looking);
    this.dataset["ready"] = "";
  }

  private listen(looking: HTMLElement): void {
    const stage = this.querySelector<HTMLElement>("[data-stage]")!;
    const scope = this.scope!;
    // Captured: the viewer has keys of its own, which no page names.
    scope.on(stage, "keydown", (event) => this.pressed(event), { capture: true });
    scope.on(stage, "click", () => this.points?.put(this.at));
    scope.on(looking, "input", (event) => this.shaded(event));
  }

  private pressed(event: KeyboardEvent): void {
    if (event.key !== "Tab") event.stopPropagation();
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const step = STEPS[event.key];
    if (step) this.step(step, event.shiftKey ? LARGE_STEP_MM : STEP_MM);
    else if (event.key === "Enter") this.points?.put(this.at);
    else if (event.key === "Escape") this.points?.leave();
    else return;
    event.preventDefault();
  }

  private step([x, y, z]: Place, mm: number): void {
    const [left, back, head] = this.at;
    this.place = [left + mm * x, back + mm * y, head + mm * z];
  }

  private shaded(event: Event): void {
    if (!(event.target instanceof HTMLInputElement) || !this.scene) return;
    const { layer } = event.target.dataset;
    if (layer) this.scene.switch(layer as Layer, event.target.checked);
    else if ("strength" in event.target.dataset) this.scene.tofStrength = Number(event.target.value) / 100;
  }

  private clicked(event: MouseEvent): void {
    const chosen = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-go-to], [data-view], [data-zoom]") : null;
    const { goTo, view, zoom } = chosen?.dataset ?? {};
    const place = readPlace(goTo ?? "");
    if (place && this.scene) {
      event.preventDefault();
      this.place = place;
      this.querySelector("[data-stage]")!.scrollIntoView({ block: "nearest" });
    }
    if (view) this.look(view as View);
    if (zoom) this.scene?.zoom(Number(zoom));
  }

  private look(view: View): void {
    this.scene?.look(view);
    for (const button of this.querySelectorAll<HTMLElement>("[data-view]"))
      button.setAttribute("aria-pressed", String(button.dataset["view"] === view));
  }

  private tell(place: Place): void {
    this.at = place;
    this.querySelector("[data-told]")!.textContent = this.dataset["saidPlace"]!.replace("{place}", sayPlace(place));
    this.querySelector<HTMLInputElement>("[data-place-shown]")!.value = sayPlace(place);
  }

  private allPoints(): Place[] {
    const fields = this.querySelectorAll<HTMLInputElement>("[data-point] input");
    return [...fields].map((one) => readPlace(one.value)).filter((one) => one !== null);
  }

  private fallBack(): void {
    const box = this.querySelector<HTMLElement>("[data-no-looking]")!;
    box.hidden = false;
    box.append(this.querySelector<HTMLTemplateElement>("[data-sections]")!.content.cloneNode(true));
  }

  /** Without 3D: the sections of a place are another page. */
  private goTo(place: Place): void {
    const address = new URL(location.href);
    address.search = new URLSearchParams({ place: sayPlace(place) }).toString();
    location.assign(address);
  }
}

if (!customElements.get("mri-viewer")) customElements.define("mri-viewer", MriViewer);
