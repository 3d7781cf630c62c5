/** The player's document (`hemiface.player/1`), as the report and the website write it. */

export type Side = "left" | "right";
export type Affected = Side | "both" | "none" | "undetermined";

export interface Spasm {
  onset_s: number;
  duration_s: number;
  peak_s: number;
  side: Side;
  kind: "clonic" | "tonic";
  amplitude_mm: number | null;
  muscles: string[];
}

export interface Blink {
  onset_s: number;
  duration_s: number;
}

export interface Span {
  start_s: number;
  end_s: number;
}

export interface PackedChannel {
  muscle: string;
  label: string;
  side: Side;
  unit: string;
  /** Unit per count of the packed 16-bit values. */
  scale: number;
  /** Base64 of little-endian int16, one per frame; -32768 where not observed. */
  values: string;
}

export interface PlayerDocument {
  schema: "hemiface.player/1";
  duration_s: number;
  affected_side: Affected;
  spasms: Spasm[];
  blinks: Blink[];
  unseen: Span[];
  /** Base64 of little-endian float64, seconds, one per frame. */
  times_s: string;
  channels: PackedChannel[];
  words: Record<string, string>;
}

export interface Channel {
  side: Side;
  scale: number;
  values: Int16Array;
}

/** One muscle with its channels of both sides, drawn to one scale. */
export interface Lane {
  muscle: string;
  label: string;
  unit: string;
  /** Contraction that fills the lane, in `unit`. */
  reach: number;
  channels: Channel[];
}

export interface PlayerData {
  duration_s: number;
  affected_side: Affected;
  spasms: Spasm[];
  blinks: Blink[];
  unseen: Span[];
  times_s: Float64Array;
  lanes: Lane[];
  words: Record<string, string>;
}

export const NOT_OBSERVED = -32768;

/** Below this, noise would fill the lane and look like a spasm. */
const LEAST_REACH: Record<string, number> = { mm: 1, fraction: 0.5 };

/** Reads a document; throws an Error with a sentence when it is something else. */
export function readDocument(value: unknown): PlayerData {
  const found = value as Partial<PlayerDocument> | null;
  if (found?.schema !== "hemiface.player/1") {
    throw new Error(`The player needs a hemiface.player/1 document, found ${found?.schema ?? "none"}.`);
  }
  const given = found as PlayerDocument;
  const { duration_s, affected_side, spasms, blinks, unseen, words } = given;
  const times_s = new Float64Array(bytes(given.times_s));
  const lanes = groupByMuscle(given.channels);
  return { duration_s, affected_side, spasms, blinks, unseen, words, times_s, lanes };
}

/** Index of the last time at or before `time_s`; -1 when there is none. */
export function indexAt(times_s: Float64Array, time_s: number): number {
  let low = 0;
  let high = times_s.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times_s[middle] ?? Infinity) <= time_s) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Muscles that took part most often, in anatomical order; at least the eye and the cheek. */
export function chiefMuscles(data: PlayerData, count: number): string[] {
  const votes = new Map<string, number>();
  for (const spasm of data.spasms)
    for (const muscle of spasm.muscles) votes.set(muscle, (votes.get(muscle) ?? 0) + 1);
  for (const usual of ["orbicularis_oculi", "zygomaticus"]) votes.set(usual, votes.get(usual) ?? 0);
  const chosen = [...votes].sort((a, b) => b[1] - a[1]).slice(0, count);
  const names = new Set(chosen.map(([muscle]) => muscle));
  return data.lanes.map((lane) => lane.muscle).filter((muscle) => names.has(muscle));
}

function groupByMuscle(packed: PackedChannel[]): Lane[] {
  const lanes = new Map<string, Lane>();
  for (const one of packed) {
    const { muscle, label, unit, side, scale } = one;
    const lane = lanes.get(muscle) ?? { muscle, label, unit, reach: LEAST_REACH[unit] ?? 0, channels: [] };
    const channel = { side, scale, values: new Int16Array(bytes(one.values)) };
    lane.reach = Math.max(lane.reach, largest(channel));
    lane.channels.push(channel);
    lanes.set(muscle, lane);
  }
  return [...lanes.values()];
}

function largest({ values, scale }: Channel): number {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return most * scale;
}

function bytes(base64: string): ArrayBuffer {
  const text = atob(base64);
  const out = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
  return out.buffer;
}
