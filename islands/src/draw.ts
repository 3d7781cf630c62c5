/** Draws the timeline on a canvas. Measures are CSS pixels; the caller has scaled the context. */
import type { Lane, PlayerData, Side, Span } from "./data";
import { envelope } from "./envelope";

export interface Palette {
  ink: string;
  soft: string;
  line: string;
  accent: string;
  affected: string;
  other: string;
  font: string;
}

export const EVENTS_PX = 34;
export const AXIS_PX = 22;
export const LANE_PX = 66;
const LABEL_PX = 17;
const REACH_PX = 23;
export const OVERVIEW_PX = 40;

type Context = CanvasRenderingContext2D;

export function lanesHeight(count: number): number {
  return EVENTS_PX + count * LANE_PX + AXIS_PX;
}

/** Coral means affected and nothing else; without one affected side, left takes the accent. */
export function sideColour(data: PlayerData, side: Side, palette: Palette): string {
  if (data.affected_side === "left" || data.affected_side === "right")
    return data.affected_side === side ? palette.affected : palette.other;
  return side === "left" ? palette.accent : palette.other;
}

/**
 * The side drawn upwards: the affected one. The other is its mirror image below, so that a blink
 * looks even and a spasm does not.
 */
export function upperSide(data: PlayerData): Side {
  return data.affected_side === "right" ? "right" : "left";
}

export function drawLanes(
  context: Context, data: PlayerData, lanes: Lane[], view: Span, width: number, selected: number,
  palette: Palette,
): void {
  const height = lanesHeight(lanes.length);
  context.clearRect(0, 0, width, height);
  drawUnseen(context, data, view, width, height - AXIS_PX, palette);
  drawBlinks(context, data, view, width, palette);
  drawSpasms(context, data, view, width, height - AXIS_PX, selected, palette);
  lanes.forEach((lane, row) => drawLane(context, data, lane, view, width, EVENTS_PX + row * LANE_PX, palette));
  drawAxis(context, view, width, height - AXIS_PX, palette);
}

export function drawOverview(
  context: Context, data: PlayerData, width: number, selected: number, palette: Palette,
): void {
  const view = { start_s: 0, end_s: data.duration_s };
  context.clearRect(0, 0, width, OVERVIEW_PX);
  drawUnseen(context, data, view, width, OVERVIEW_PX, palette);
  context.fillStyle = palette.line;
  context.fillRect(0, OVERVIEW_PX / 2, width, 1);
  for (const blink of data.blinks) {
    context.fillStyle = palette.soft;
    context.fillRect(place(blink.onset_s, view, width), OVERVIEW_PX / 2 - 3, 1, 7);
  }
  data.spasms.forEach((spasm, index) => {
    context.fillStyle = sideColour(data, spasm.side, palette);
    const [x, length] = extent(spasm.onset_s, spasm.duration_s, view, width, 1.5);
    const inset = index === selected ? 2 : 8;
    context.fillRect(x, inset, length, OVERVIEW_PX - 2 * inset);
  });
}

export function place(time_s: number, view: Span, width: number): number {
  return ((time_s - view.start_s) / (view.end_s - view.start_s)) * width;
}

function extent(onset_s: number, duration_s: number, view: Span, width: number, least: number): [number, number] {
  const x = place(onset_s, view, width);
  return [x, Math.max(place(onset_s + duration_s, view, width) - x, least)];
}

function drawUnseen(context: Context, data: PlayerData, view: Span, width: number, height: number, palette: Palette): void {
  context.fillStyle = palette.line;
  context.globalAlpha = 0.6;
  for (const span of data.unseen) {
    const [x, length] = extent(span.start_s, span.end_s - span.start_s, view, width, 1);
    context.fillRect(x, 0, length, height);
  }
  context.globalAlpha = 1;
}

function drawSpasms(
  context: Context, data: PlayerData, view: Span, width: number, height: number, selected: number, palette: Palette,
): void {
  data.spasms.forEach((spasm, index) => {
    const [x, length] = extent(spasm.onset_s, spasm.duration_s, view, width, 2);
    if (x > width || x + length < 0) return;
    context.fillStyle = sideColour(data, spasm.side, palette);
    context.globalAlpha = index === selected ? 0.22 : 0.1;
    context.fillRect(x, EVENTS_PX, Math.max(place(spasm.onset_s + spasm.duration_s, view, width) - x, 0.5), height - EVENTS_PX);
    context.globalAlpha = 1;
    bar(context, x, 6, length, 16);
    if (index === selected) outline(context, x, 6, length, 16, palette.ink);
  });
}

function drawBlinks(context: Context, data: PlayerData, view: Span, width: number, palette: Palette): void {
  context.fillStyle = palette.soft;
  for (const blink of data.blinks) {
    const [x, length] = extent(blink.onset_s, blink.duration_s, view, width, 2);
    bar(context, x, 26, length, 4);
  }
}

function bar(context: Context, x: number, y: number, width: number, height: number): void {
  context.beginPath();
  context.roundRect(x, y, width, height, Math.min(width / 2, 3));
  context.fill();
}

function outline(context: Context, x: number, y: number, width: number, height: number, colour: string): void {
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.beginPath();
  context.roundRect(x - 2.5, y - 2.5, width + 5, height + 5, 4);
  context.stroke();
}

function drawLane(
  context: Context, data: PlayerData, lane: Lane, view: Span, width: number, top: number, palette: Palette,
): void {
  const base = top + LABEL_PX + REACH_PX;
  context.fillStyle = palette.line;
  context.fillRect(0, base - 0.5, width, 1);
  for (const channel of lane.channels) {
    const { low, high } = envelope(data.times_s, channel, view, Math.round(width));
    const up = channel.side === upperSide(data) ? 1 : -1;
    drawEnvelope(context, low, high, base - up, (up * REACH_PX) / lane.reach, sideColour(data, channel.side, palette));
  }
  label(context, lane, top, palette);
}

function drawEnvelope(
  context: Context, low: Float32Array, high: Float32Array, base: number, rise: number, colour: string,
): void {
  context.strokeStyle = colour;
  context.lineWidth = 1.25;
  context.lineJoin = "round";
  context.beginPath();
  let pen = false;
  for (let x = 0; x < low.length; x++) {
    const top = base - (high[x] as number) * rise;
    const bottom = base - (low[x] as number) * rise;
    if (Number.isNaN(top)) pen = false;
    else {
      if (pen) context.lineTo(x + 0.5, bottom);
      else context.moveTo(x + 0.5, bottom);
      context.lineTo(x + 0.5, top);
      pen = true;
    }
  }
  context.stroke();
}

function label(context: Context, lane: Lane, top: number, palette: Palette): void {
  context.font = `600 12px ${palette.font}`;
  context.textBaseline = "top";
  context.textAlign = "left";
  context.fillStyle = palette.ink;
  context.fillText(lane.label, 0, top + 2);
  const after = context.measureText(lane.label).width + 8;
  const reach = lane.unit === "fraction" ? `${Math.round(lane.reach * 100)} %` : `${lane.reach.toFixed(1)} ${lane.unit}`;
  context.font = `400 12px ${palette.font}`;
  context.fillStyle = palette.soft;
  context.fillText(`↕ ${reach}`, after, top + 2);
}

function drawAxis(context: Context, view: Span, width: number, top: number, palette: Palette): void {
  const step = tickStep((view.end_s - view.start_s) / Math.max(width / 80, 1));
  context.font = `400 12px ${palette.font}`;
  context.textBaseline = "top";
  context.fillStyle = palette.soft;
  for (let n = Math.ceil(view.start_s / step - 1e-9); n * step <= view.end_s + 1e-9; n++) {
    const x = place(n * step, view, width);
    context.fillRect(x, top, 1, 4);
    context.textAlign = x < 14 ? "left" : x > width - 14 ? "right" : "center";
    context.fillText(clockText(n * step, step < 1 ? 1 : 0), x, top + 7);
  }
}

export function tickStep(least_s: number): number {
  const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];
  return steps.find((step) => step >= least_s) ?? 3600;
}

/** Minutes, seconds and as many digits after the point as asked: 1:02.50. */
export function clockText(time_s: number, digits: number): string {
  const unit = 10 ** digits;
  const whole = Math.round(time_s * unit);
  const minutes = Math.floor(whole / (60 * unit));
  const rest = (whole - minutes * 60 * unit) / unit;
  return `${minutes}:${rest.toFixed(digits).padStart(digits ? digits + 3 : 2, "0")}`;
}
