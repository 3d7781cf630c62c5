import { beforeEach, expect, test } from "vitest";
import { PointsForm, type Pictures } from "../src/mri-points";
import { held } from "../src/mri-report";
import { flipped, readPlace, sayPlace, STEPS, type Place } from "../src/mri-space";
import { Scope } from "../src/scope";

const FORM = `<form>${["left", "right"]
  .map(
    (side) => `<div data-point="${side}"><label>Root exit, ${side}</label><input>
      <button data-set>Set</button><button type="button" data-go hidden>Show</button>
      <button type="button" data-undo hidden disabled>Undo</button></div>`,
  )
  .join("")}</form>`;
const WORDS = { saidChoose: "Set {point}?", saidSet: "{point} is {place}" };

class Spy implements Pictures {
  place: Place = [1, 2, 3];
  told = "";
  points: Place[] = [];
  chosen(told: string): void {
    this.told = told;
  }
  moved(points: Place[]): void {
    this.points = points;
  }
}

let spy: Spy;
let form: PointsForm;

function made(setAtOnce: boolean): void {
  document.body.innerHTML = FORM;
  spy = new Spy();
  form = new PointsForm(document.querySelector("form")!, spy, WORDS, new Scope(), setAtOnce);
}

function press(side: string, what: string): void {
  document.querySelector<HTMLElement>(`[data-point=${side}] [data-${what}]`)!.click();
}

function value(side: string): string {
  return document.querySelector<HTMLInputElement>(`[data-point=${side}] input`)!.value;
}

beforeEach(() => made(false));

test("left and right, front and back change places between the site and the viewer, and back", () => {
  expect(flipped([1, 2, 3])).toEqual([-1, -2, 3]);
  expect(flipped(flipped([1, -2, 3]))).toEqual([1, -2, 3]);
  expect(flipped([0, 0, 0])).toEqual([0, 0, 0]);
});

test("a place is read as the site reads it", () => {
  expect(readPlace("12.5, -0.6, -9.7")).toEqual([12.5, -0.6, -9.7]);
  expect(readPlace("1 2 3")).toEqual([1, 2, 3]);
  expect(readPlace("1,5; 2,5; -3,5")).toEqual([1.5, 2.5, -3.5]);
  for (const text of ["", "1, 2", "1, 2, 3, 4", "a, b, c"]) expect(readPlace(text)).toBeNull();
  expect(readPlace(sayPlace([1.234, -5, 0]))).toEqual([1.23, -5, 0]);
});

test("the right arrow goes to the person's left, which is on the right", () => {
  expect(STEPS["ArrowRight"]).toEqual([1, 0, 0]);
  expect(STEPS["PageUp"]).toEqual([0, 0, 1]);
});

test("a chosen point is set where the pictures are clicked, and others are not", () => {
  form.put([9, 9, 9]);
  expect(value("left")).toBe("");
  press("left", "set");
  expect(spy.told).toBe("Set Root exit, left?");
  form.put([4, 5, 6]);
  expect(value("left")).toBe("4.00, 5.00, 6.00");
  expect(value("right")).toBe("");
  expect(spy.points).toEqual([[4, 5, 6]]);
  form.put([7, 8, 9]);
  expect(value("left")).toBe("4.00, 5.00, 6.00");
});

test("what was set is taken back, step by step", () => {
  for (const place of [[1, 1, 1], [2, 2, 2]] as const) {
    press("right", "set");
    form.put(place);
  }
  press("right", "undo");
  expect(value("right")).toBe("1.00, 1.00, 1.00");
  press("right", "undo");
  expect(value("right")).toBe("");
  expect(document.querySelector<HTMLButtonElement>("[data-point=right] [data-undo]")!.disabled).toBe(true);
});

test("a choice is left with Escape", () => {
  press("left", "set");
  form.leave();
  form.put([1, 1, 1]);
  expect(value("left")).toBe("");
});

test("without pictures in 3D a point is set at once to the place that is shown", () => {
  made(true);
  press("left", "set");
  expect(value("left")).toBe("1.00, 2.00, 3.00");
});

test("a proposal says so while it holds what was measured", () => {
  const page = document.createElement("div");
  page.innerHTML = `<mri-proposed data-measured="a b"><input type="checkbox" value="a" checked>
    <input type="checkbox" value="b" checked><b data-tag hidden></b><span data-other></span></mri-proposed>`;
  document.body.append(page); // whole, as the browser has it when the script runs
  const proposed = document.querySelector("mri-proposed")!;
  const tag = proposed.querySelector<HTMLElement>("[data-tag]")!;
  expect(held(proposed)).toBe("a b");
  expect(tag.hidden).toBe(false);
  proposed.querySelector("input")!.checked = false;
  proposed.dispatchEvent(new Event("input"));
  expect(tag.hidden).toBe(true);
});
