import { describe, expect, it } from "vitest";
import { chiefMuscles, indexAt, NOT_OBSERVED, readDocument } from "../src/data";
import { clockText, tickStep } from "../src/draw";
import { envelope } from "../src/envelope";
import { centre, firstView, follow, pan, zoom } from "../src/view";
import example from "./example.player.json";

const data = readDocument(example);

describe("readDocument", () => {
  it("reads the example that the report writes", () => {
    expect(data.duration_s).toBe(12);
    expect(data.affected_side).toBe("left");
    expect(data.spasms).toHaveLength(6);
    expect(data.times_s).toHaveLength(360);
    expect(data.lanes.map((lane) => lane.muscle)).toEqual(["orbicularis_oculi", "zygomaticus"]);
  });

  it("gives contraction in its unit: the left eye closes 0.7 at the peak of the spasm at 1 s", () => {
    const left = data.lanes[0]!.channels.find((channel) => channel.side === "left")!;
    const peak = left.values[33]! * left.scale;
    expect(peak).toBeGreaterThan(0.65);
    expect(peak).toBeLessThan(0.75);
  });

  it("keeps what was not observed apart from zero", () => {
    const left = data.lanes[0]!.channels[0]!;
    expect(left.values[75]).toBe(NOT_OBSERVED);
    expect(data.unseen).toEqual([{ start_s: 2, end_s: 3 }]);
  });

  it("refuses another document in words", () => {
    expect(() => readDocument({ schema: "something/2" })).toThrow("found something/2");
    expect(() => readDocument(null)).toThrow("found none");
  });
});

describe("indexAt", () => {
  const times = new Float64Array([0, 0.5, 1]);
  it.each([[-1, -1], [0, 0], [0.49, 0], [0.5, 1], [9, 2]])("at %f is %i", (time, index) => {
    expect(indexAt(times, time)).toBe(index);
  });
});

it("chiefMuscles names those of the spasms in anatomical order", () => {
  expect(chiefMuscles(data, 5)).toEqual(["orbicularis_oculi", "zygomaticus"]);
  expect(chiefMuscles({ ...data, spasms: [] }, 1)).toEqual(["orbicularis_oculi"]);
});

describe("envelope", () => {
  const times = Float64Array.from({ length: 6000 }, (_, i) => i / 60);
  const values = new Int16Array(6000);
  values[3000] = 500;

  it("keeps a spasm of one frame in a hundred seconds on a hundred pixels", () => {
    const { high } = envelope(times, { side: "left", scale: 0.01, values }, { start_s: 0, end_s: 100 }, 100);
    expect(Math.max(...high)).toBeCloseTo(5);
    expect(high[50]).toBeCloseTo(5);
  });

  it("joins frames that are farther apart than a pixel", () => {
    const { low, high } = envelope(times, { side: "left", scale: 0.01, values }, { start_s: 49.9, end_s: 50.1 }, 200);
    expect([...high].some(Number.isNaN)).toBe(false);
    expect(high[100]).toBeCloseTo(5, 0);
    expect(low[0]).toBe(0);
  });

  it("leaves a hole where nothing was observed", () => {
    const hidden = new Int16Array(6000).fill(NOT_OBSERVED, 600, 1200);
    const { high } = envelope(times, { side: "left", scale: 1, values: hidden }, { start_s: 0, end_s: 100 }, 100);
    expect(high[15]).toBeNaN();
    expect(high[5]).toBe(0);
  });
});

describe("the view", () => {
  it("begins with twenty seconds, or all of a shorter recording", () => {
    expect(firstView(600)).toEqual({ start_s: 0, end_s: 20 });
    expect(firstView(8)).toEqual({ start_s: 0, end_s: 8 });
  });

  it("keeps the anchor where it is when zooming", () => {
    const view = zoom({ start_s: 10, end_s: 20 }, 0.5, 12, 60);
    expect(view).toEqual({ start_s: 11, end_s: 16 });
  });

  it("never leaves the recording", () => {
    expect(zoom({ start_s: 0, end_s: 20 }, 100, 5, 60)).toEqual({ start_s: 0, end_s: 60 });
    expect(pan({ start_s: 0, end_s: 20 }, -5, 60)).toEqual({ start_s: 0, end_s: 20 });
    expect(centre({ start_s: 0, end_s: 20 }, 59, 60)).toEqual({ start_s: 40, end_s: 60 });
  });

  it("turns the page only when it must", () => {
    const view = { start_s: 0, end_s: 20 };
    expect(follow(view, 19, 60)).toBe(view);
    expect(follow(view, 21, 60)).toEqual({ start_s: 19, end_s: 39 });
  });
});

it("writes times as minutes and seconds", () => {
  expect(clockText(62.5, 2)).toBe("1:02.50");
  expect(clockText(59.999, 2)).toBe("1:00.00");
  expect(clockText(5, 0)).toBe("0:05");
  expect(tickStep(0.7)).toBe(1);
});
