import { describe, expect, it } from "vitest";
import { Frames, N_LANDMARKS, pointsFile, SCHEMA, type Place } from "../src/points-format";
import { findFaults, type Look } from "../src/record-checks";
import { TaskLog } from "../src/record-protocol";
import { ProtocolRun, type Host, type Standing } from "../src/record-run";
import { readLight, readSight, type Light, type Sight } from "../src/record-sight";
import { clock, Words } from "../src/record-words";

const STEPS = [
  { task: "rest", seconds: 10 },
  { task: "smile", seconds: 5 },
];
const RECORD = 2 + 3 * N_LANDMARKS;

describe("the file of points", () => {
  const place: Place = { x: 0.5, y: 0.25, z: -0.1 };
  const header = { schema: SCHEMA, width: 1000, height: 400, mirrored: false, started_at: "2026-02-03T04:05:06Z", tasks: [] } as const;

  async function unpacked(frames: Frames): Promise<{ said: unknown; values: Float32Array }> {
    const file = await pointsFile({ ...header, n_frames: frames.count }, frames);
    const plain = await new Response(file.stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
    const end = new Uint8Array(plain).indexOf("\n".charCodeAt(0));
    return { said: JSON.parse(new TextDecoder().decode(plain.slice(0, end))), values: new Float32Array(plain.slice(end + 1)) };
  }

  it("holds a header and, frame by frame, time, grey and places in pixels", async () => {
    const frames = new Frames(1000, 400);
    frames.add(0, 120, Array.from({ length: N_LANDMARKS }, () => place));
    frames.add(0.5, 120, []);
    const { said, values } = await unpacked(frames);
    expect(said).toEqual({ ...header, n_frames: 2 });
    expect(values.length).toBe(2 * RECORD);
    expect([...values.slice(0, 5)]).toEqual([0, 120, 500, 100, -100]);
    expect(values[RECORD]).toBe(0.5);
    expect(values.slice(RECORD + 1).every(Number.isNaN)).toBe(true);
  });

  it.each([1, 511, 512, 513, 1024])("is whole with %i frames", async (count) => {
    const frames = new Frames(10, 10);
    for (let index = 0; index < count; index++) frames.add(index, 0, []);
    const { values } = await unpacked(frames);
    expect(values.length).toBe(count * RECORD);
    expect(values[(count - 1) * RECORD]).toBe(count - 1);
  });
});

describe("what was done when", () => {
  it("keeps a task that was tried, and forgets one that was not", () => {
    const log = new TaskLog(STEPS);
    log.begin(0, 4);
    log.end(14);
    log.begin(1, 18);
    log.end(19);
    expect(log.spans(20)).toEqual([{ task: "rest", start_s: 4, end_s: 14 }]);
  });

  it("counts the last try at a task", () => {
    const log = new TaskLog(STEPS);
    log.begin(0, 0);
    log.end(9);
    log.begin(0, 12);
    log.end(20);
    expect(log.spans(20)).toEqual([{ task: "rest", start_s: 12, end_s: 20 }]);
  });

  it("lets a task that is going on end now, so that a reload loses none of it", () => {
    const log = new TaskLog(STEPS);
    log.begin(0, 1);
    expect(log.spans(2)).toEqual([]);
    expect(log.spans(7.0004)).toEqual([{ task: "rest", start_s: 1, end_s: 7 }]);
    log.discard();
    expect(log.spans(8)).toEqual([]);
  });
});

describe("leading through the protocol", () => {
  function led(): { run: ProtocolRun; log: TaskLog; said: string[]; go: (to_s: number) => void; talk: (is: boolean) => void } {
    let [now, talking] = [0, false];
    const said: string[] = [];
    const host: Host = {
      now_s: () => now,
      isTalking: () => talking,
      show: (_: Standing) => undefined,
      lead: (step) => said.push(`lead ${step}`),
      begun: () => said.push("begun"),
      over: () => said.push("over"),
      finished: () => said.push("finished"),
    };
    const log = new TaskLog(STEPS);
    const run = new ProtocolRun(STEPS, log, host);
    const go = (to_s: number): void => {
      for (; now < to_s; now += 0.2) run.tick();
    };
    return { run, log, said, go, talk: (is) => (talking = is) };
  }

  it("says each step, begins it, and ends after the last", () => {
    const { run, log, said, go } = led();
    run.start(0);
    go(40);
    expect(said).toEqual(["lead 0", "begun", "over", "lead 1", "begun", "over", "finished"]);
    const [rest, smile] = log.spans(40);
    expect(rest!.end_s - rest!.start_s).toBeCloseTo(10, 0);
    expect(smile!.end_s - smile!.start_s).toBeCloseTo(5, 0);
    expect(smile!.start_s - rest!.end_s).toBeGreaterThan(3.9);
  });

  it("waits for the voice, but not for ever", () => {
    const { run, said, go, talk } = led();
    talk(true);
    run.start(0);
    go(14);
    expect(said).toEqual(["lead 0"]);
    go(16);
    expect(said).toEqual(["lead 0", "begun"]);
  });

  it("skips, repeats and goes back", () => {
    const { run, log, said, go } = led();
    run.start(0);
    go(10);
    run.again();
    expect(log.spans(10)).toEqual([]);
    run.next();
    expect(run.next_step).toBe(1);
    run.back();
    run.back();
    expect(run.next_step).toBe(0);
    expect(said.filter((one) => one === "over")).toEqual([]);
  });

  it("begins where a recording was broken off; after the last there is nothing to do", () => {
    const { run, said } = led();
    run.start(1);
    expect(said).toEqual(["lead 1"]);
    run.start(2);
    expect(said.at(-1)).toBe("finished");
  });
});

/** A face around the middle of a picture of 1000 by 1000 pixels. */
function faceAt(change: { roll_deg?: number; nose?: number } = {}): Place[] {
  const roll = ((change.roll_deg ?? 0) * Math.PI) / 180;
  const turned = (across: number, down: number): Place => ({
    x: 0.5 + across * Math.cos(roll) - down * Math.sin(roll),
    y: 0.5 + across * Math.sin(roll) + down * Math.cos(roll),
    z: 0,
  });
  const places = Array.from({ length: N_LANDMARKS }, () => turned(0, 0.1));
  places[33] = turned(-0.1, 0);
  places[263] = turned(0.1, 0);
  places[1] = turned(change.nose ?? 0, 0.1);
  places[234] = turned(-0.2, 0.1);
  places[454] = turned(0.2, 0.1);
  places[10] = turned(0, -0.2);
  places[152] = turned(0, 0.3);
  return places;
}

describe("reading a face", () => {
  it("finds where it is, and how it is held", () => {
    const sight = readSight(faceAt(), 1000, 1000);
    expect(sight.width_px).toBeCloseTo(400);
    expect([sight.left, sight.right, sight.top, sight.bottom].map((one) => Math.round(10 * one))).toEqual([3, 7, 3, 8]);
    expect(sight.roll_deg).toBeCloseTo(0);
    expect(sight.turn).toBeCloseTo(0);
  });

  it.each([-30, -5, 12])("reads a tilt of %i degrees, whatever the nose does", (roll_deg) => {
    expect(readSight(faceAt({ roll_deg }), 1000, 1000).roll_deg).toBeCloseTo(roll_deg);
    expect(readSight(faceAt({ roll_deg }), 1000, 1000).turn).toBeCloseTo(0);
  });

  it("reads a turn as the nose's way to a corner of the eye", () => {
    expect(readSight(faceAt({ nose: 0.05 }), 1000, 1000).turn).toBeCloseTo(0.5);
    expect(readSight(faceAt({ nose: -0.05 }), 1000, 1000).turn).toBeCloseTo(-0.5);
  });

  it("tells the light of the face from the light around it", () => {
    const [size, sight] = [32, readSight(faceAt(), 1000, 1000)];
    const pixels = new Uint8ClampedArray(4 * size * size).fill(200);
    for (let y = 10; y < 25; y++) for (let x = 10; x < 22; x++) pixels.fill(50, 4 * (y * size + x), 4 * (y * size + x) + 4);
    const light = readLight(pixels, size, size, sight);
    expect(light.face).toBeLessThan(70);
    expect(light.around).toBeGreaterThan(180);
  });
});

describe("what is wrong", () => {
  const right: Sight = readSight(faceAt(), 1000, 1000);
  const lit: Light = { face: 130, spread: 30, around: 120 };
  const look = (sight: Sight | null, light: Light | null = lit, at_s = 1): Look => ({ at_s, sight, light });

  it("is nothing, of a face that is large, whole, lit, straight and still", () => {
    expect(findFaults(look(right), look(right, lit, 0.8)).size).toBe(0);
  });

  it.each<[string, Look]>([
    ["no-face", look(null, null)],
    ["out", look({ ...right, right: 1 })],
    ["far", look({ ...right, width_px: 100 })],
    ["near", look({ ...right, top: 0.02, bottom: 0.98 })],
    ["dark", look(right, { ...lit, face: 30, around: 20 })],
    ["bright", look(right, { ...lit, face: 240 })],
    ["flat", look(right, { ...lit, spread: 4 })],
    ["behind", look(right, { face: 90, spread: 30, around: 230 })],
    ["tilted", look({ ...right, roll_deg: -20 })],
    ["turned", look({ ...right, turn: 0.5 })],
    ["moving", look({ ...right, at: [0.6, 0.5] })],
  ])("is %s", (fault, seen) => {
    expect([...findFaults(seen, look(right, lit, 0.8)).values()]).toEqual([fault]);
  });
});

describe("words", () => {
  const template = document.createElement("template");
  template.innerHTML = '<p data-word="place"> Task {number} of {count} </p>';

  it("fills the gaps of a sentence", () => {
    expect(new Words(template).say("place", { number: 2, count: 11 })).toBe("Task 2 of 11");
  });

  it("says which sentence is missing", () => {
    expect(() => new Words(template).say("done")).toThrow("words for done");
  });

  it.each([[0, "0:00"], [59.6, "1:00"], [61, "1:01"], [-3, "0:00"]])("reads %d s as %s", (seconds, said) => {
    expect(clock(seconds)).toBe(said);
  });
});
