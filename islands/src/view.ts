/** The stretch of time on show: pure functions, so that zooming can be tested without a screen. */
import type { Span } from "./data";

export const SHORTEST_S = 0.5;
const FIRST_S = 20;

export function firstView(duration_s: number): Span {
  return { start_s: 0, end_s: Math.max(Math.min(duration_s, FIRST_S), SHORTEST_S) };
}

/** Scales the view by `factor` (below 1 is closer), keeping `anchor_s` where it is on the screen. */
export function zoom(view: Span, factor: number, anchor_s: number, duration_s: number): Span {
  const length = view.end_s - view.start_s;
  const wanted = clamp(length * factor, SHORTEST_S, Math.max(duration_s, SHORTEST_S));
  const share = (anchor_s - view.start_s) / length;
  return fit(anchor_s - share * wanted, wanted, duration_s);
}

export function pan(view: Span, by_s: number, duration_s: number): Span {
  return fit(view.start_s + by_s, view.end_s - view.start_s, duration_s);
}

/** Turns the page when `time_s` has left the view; a view that holds it is returned as it is. */
export function follow(view: Span, time_s: number, duration_s: number): Span {
  if (time_s >= view.start_s && time_s <= view.end_s) return view;
  const length = view.end_s - view.start_s;
  return fit(time_s - 0.1 * length, length, duration_s);
}

/** Centres the view on `time_s`. */
export function centre(view: Span, time_s: number, duration_s: number): Span {
  const length = view.end_s - view.start_s;
  return fit(time_s - length / 2, length, duration_s);
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

function fit(start_s: number, length: number, duration_s: number): Span {
  const start = clamp(start_s, 0, Math.max(duration_s - length, 0));
  return { start_s: start, end_s: start + length };
}
