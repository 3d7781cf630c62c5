import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DoseMap, nearest, sum } from "../src/dose-map";

const PLACES = { frontalis: 100, zygomaticus: 280 };

function shape(muscle: string, side: string): string {
  const x = side === "left" ? 260 : 140;
  const y = PLACES[muscle as keyof typeof PLACES];
  const field = `${side}-${muscle}`;
  return `<path data-muscle="${muscle}" data-side="${side}" data-field="${field}" data-label="${muscle}, ${side}"
    data-x="${x}" data-y="${y}"></path><text data-amount="${field}"></text>`;
}

function mount(): void {
  const both = Object.keys(PLACES).flatMap((muscle) => ["right", "left"].map((side) => [muscle, side] as const));
  const page = document.createElement("main"); // filled before it is there, as a deferred script finds it
  page.innerHTML = `<form><select name="affected_side"><option value=""></option><option value="left">left</option></select>
    <select name="brand"><option value="">Choose</option><option value="botox">Botox</option></select>
    <dose-map data-unit="units" data-none="no units"><p data-how hidden></p><svg role="img">${both.map(([m, s]) => shape(m, s)).join("")}</svg>
    <div data-entry hidden><span data-entry-label></span><input id="dose-entry"><button type="button" data-done></button></div>
    <p data-readout></p>${both.map(([m, s]) => `<input name="${s}-${m}">`).join("")}
    <p data-total-line hidden><output data-total></output><span data-brand></span></p></dose-map></form>`;
  document.body.append(page);
}

const map = (): DoseMap => document.querySelector<DoseMap>("dose-map")!;
const spot = (field: string): SVGElement => map().querySelector<SVGElement>(`[data-field="${field}"]`)!;
const field = (name: string): HTMLInputElement => map().querySelector<HTMLInputElement>(`input[name="${name}"]`)!;
const entry = (): HTMLInputElement => map().querySelector<HTMLInputElement>("#dose-entry")!;
const text = (selector: string): string => map().querySelector(selector)!.textContent ?? "";

function press(target: Element, key: string): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  target.dispatchEvent(event);
  return event;
}

function type(target: HTMLInputElement, words: string): void {
  target.value = words;
  target.dispatchEvent(new Event("input", { bubbles: true }));
}

beforeEach(mount);
afterEach(() => document.body.replaceChildren());

describe("what is written", () => {
  it("goes through the entry into the field of the muscle", () => {
    press(spot("left-zygomaticus"), "Enter");
    expect(text("[data-entry-label]")).toBe("zygomaticus, left (units)");
    type(entry(), "2.5");
    expect(field("left-zygomaticus").value).toBe("2.5");
    expect(spot("left-zygomaticus").getAttribute("aria-label")).toBe("zygomaticus, left: 2.5 units");
    expect(text('[data-amount="left-zygomaticus"]')).toBe("2.5");
  });

  it("is never proposed: the entry opens with what the field holds", () => {
    press(spot("left-zygomaticus"), " ");
    expect(entry().value).toBe("");
    type(field("right-frontalis"), "4");
    press(spot("right-frontalis"), "Enter");
    expect(entry().value).toBe("4");
  });

  it("is in the total, or the total is not told", () => {
    type(field("left-frontalis"), "0.1");
    type(field("right-frontalis"), "0.2");
    expect(text("[data-total]")).toBe("0.3");
    type(field("right-frontalis"), "two");
    expect(text("[data-total]")).toBe("–");
  });

  it("has the colour of its side once the affected side is known", () => {
    type(field("left-frontalis"), "1");
    type(field("right-frontalis"), "1");
    expect(spot("left-frontalis").classList.contains("affected")).toBe(false);
    const side = document.querySelector<HTMLSelectElement>("[name=affected_side]")!;
    side.value = "left";
    side.dispatchEvent(new Event("change", { bubbles: true }));
    expect(spot("left-frontalis").classList.contains("affected")).toBe(true);
    expect(spot("right-frontalis").classList.contains("other")).toBe(true);
  });

  it("is told with the brand whose units they are", () => {
    const brand = document.querySelector<HTMLSelectElement>("[name=brand]")!;
    brand.value = "botox";
    brand.dispatchEvent(new Event("change", { bubbles: true }));
    expect(text("[data-brand]")).toBe("units · Botox");
  });
});

describe("the keyboard", () => {
  it("has one stop on the face and goes from muscle to muscle", () => {
    const stops = (): string[] => [...map().querySelectorAll<SVGElement>('[tabindex="0"]')].map((one) => one.dataset["field"]!);
    expect(stops()).toEqual(["right-frontalis"]);
    expect(press(spot("right-frontalis"), "ArrowRight").defaultPrevented).toBe(true);
    expect(stops()).toEqual(["left-frontalis"]);
    press(spot("left-frontalis"), "ArrowDown");
    expect(stops()).toEqual(["left-zygomaticus"]);
  });

  it("sends no form from the entry, and comes back to the muscle", () => {
    press(spot("left-frontalis"), "Enter");
    expect(press(entry(), "Enter").defaultPrevented).toBe(true);
    expect(map().querySelector<HTMLElement>("[data-entry]")!.hidden).toBe(true);
    expect(document.activeElement).toBe(spot("left-frontalis"));
  });

  it("leaves other keys alone", () => {
    expect(press(spot("left-frontalis"), "Tab").defaultPrevented).toBe(false);
  });
});

describe("arithmetic", () => {
  it.each([
    [[], "0"],
    [["0.1", "0.2"], "0.3"],
    [["1.005", "1", ""], "2.005"],
    [[".5"], "0.5"],
    [["1e3"], null],
    [["-1"], null],
    [["1,5"], null],
  ])("sums %j to %j", (written, total) => expect(sum(written)).toBe(total));

  it("finds nothing beyond the edge", () => {
    expect(nearest(spot("left-frontalis"), [...map().querySelectorAll<SVGElement>("[data-muscle]")], [0, -1])).toBeNull();
  });
});

describe("removed", () => {
  it("hears nothing any more", () => {
    const gone = map();
    const kept = spot("left-frontalis");
    gone.remove();
    press(kept, "Enter");
    expect(gone.querySelector<HTMLElement>("[data-entry]")!.hidden).toBe(true);
  });
});
