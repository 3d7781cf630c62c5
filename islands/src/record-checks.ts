import type { Light, Sight } from "./record-sight";

/** What must hold before a recording, the gravest first. */
export const CHECKS = ["face", "frame", "distance", "light", "tilt", "still"] as const;
export type Check = (typeof CHECKS)[number];

/** What is wrong, as the words on the page are called. */
export type Fault = "no-face" | "out" | "far" | "near" | "dark" | "bright" | "flat" | "behind" | "tilted" | "turned" | "moving";

// Our choices. The face has 300 pixels or more in the protocol; a little less still measures well.
const FACE_PX = 260;
const TALLEST = 0.85;
const EDGE = 0.01;
const [DARK, BRIGHT, FLAT, BEHIND] = [55, 225, 12, 80];
const [ROLL_DEG, TURN] = [12, 0.35];
const MOST_PER_S = 0.6; // of the distance between the corners of the eyes

export interface Look {
  readonly at_s: number;
  readonly sight: Sight | null;
  readonly light: Light | null;
}

/** Return what is wrong with a look at the camera's picture; `before` is the look before it. */
export function findFaults({ at_s, sight, light }: Look, before: Look | null): Map<Check, Fault> {
  if (!sight) return new Map([["face", "no-face"]]);
  const found: [Check, Fault | null][] = [
    ["frame", isCut(sight) ? "out" : null],
    ["distance", distance(sight)],
    ["light", light && lighting(light)],
    ["tilt", tilt(sight)],
    ["still", before?.sight && isMoving(sight, before.sight, at_s - before.at_s) ? "moving" : null],
  ];
  return new Map(found.filter((one): one is [Check, Fault] => one[1] !== null));
}

function isCut({ left, right, top, bottom }: Sight): boolean {
  return left < EDGE || top < EDGE || right > 1 - EDGE || bottom > 1 - EDGE;
}

function distance({ top, bottom, width_px }: Sight): Fault | null {
  if (bottom - top > TALLEST) return "near";
  return width_px < FACE_PX ? "far" : null;
}

function lighting({ face, spread, around }: Light): Fault | null {
  if (around - face > BEHIND) return "behind";
  if (face < DARK) return "dark";
  if (face > BRIGHT) return "bright";
  return spread < FLAT ? "flat" : null;
}

function tilt({ roll_deg, turn }: Sight): Fault | null {
  if (Math.abs(roll_deg) > ROLL_DEG) return "tilted";
  return Math.abs(turn) > TURN ? "turned" : null;
}

function isMoving(now: Sight, before: Sight, seconds: number): boolean {
  const moved = Math.hypot(now.at[0] - before.at[0], now.at[1] - before.at[1]);
  return seconds > 0 && moved / seconds > MOST_PER_S * now.eyes;
}
