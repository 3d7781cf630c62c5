import { type Channel, indexAt, NOT_OBSERVED, type Span } from "./data";

/** Lowest and highest value under every pixel; NaN where nothing was observed there. */
export interface Envelope {
  low: Float32Array;
  high: Float32Array;
}

/**
 * Reduces a channel to its extremes per pixel: a spasm of one frame stays visible in ten minutes.
 *
 * Frames farther apart than a pixel are joined by straight lines, except over what was not observed.
 */
export function envelope(times_s: Float64Array, channel: Channel, view: Span, width: number): Envelope {
  const low = new Float32Array(width).fill(NaN);
  const high = new Float32Array(width).fill(NaN);
  const perSecond = width / (view.end_s - view.start_s);
  const first = Math.max(indexAt(times_s, view.start_s), 0);
  let lastPixel = NaN;
  let lastValue = NaN;
  for (let i = first; i < times_s.length; i++) {
    const raw = channel.values[i] ?? NOT_OBSERVED;
    const value = raw === NOT_OBSERVED ? NaN : raw * channel.scale;
    const pixel = Math.floor(((times_s[i] ?? 0) - view.start_s) * perSecond);
    if (Number.isNaN(lastPixel) || Number.isNaN(lastValue)) widen(low, high, pixel, value);
    else join(low, high, lastPixel, lastValue, pixel, value);
    lastPixel = pixel;
    lastValue = value;
    if (pixel >= width) break;
  }
  return { low, high };
}

function join(
  low: Float32Array, high: Float32Array, from: number, a: number, to: number, b: number,
): void {
  if (Number.isNaN(b)) return;
  const span = to - from;
  // The share of the step that belongs to each pixel keeps steep rises in one piece.
  for (let pixel = Math.max(from, 0); pixel <= Math.min(to, low.length - 1); pixel++) {
    if (span === 0) widen(low, high, pixel, b);
    else {
      widen(low, high, pixel, a + ((b - a) * (pixel - from)) / span);
      if (pixel < to) widen(low, high, pixel, a + ((b - a) * (pixel + 1 - from)) / span);
    }
  }
}

function widen(low: Float32Array, high: Float32Array, pixel: number, value: number): void {
  if (pixel < 0 || pixel >= low.length || Number.isNaN(value)) return;
  const before = low[pixel] as number;
  low[pixel] = Number.isNaN(before) ? value : Math.min(before, value);
  high[pixel] = Number.isNaN(before) ? value : Math.max(high[pixel] as number, value);
}
