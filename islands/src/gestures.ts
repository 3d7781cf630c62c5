/** Pointers and wheels over the timeline. */
import type { Span } from "./data";
import { EVENTS_PX } from "./draw";
import type { Scope } from "./scope";
import { clamp } from "./view";

/** Movement below this is a click, not a drag. */
const STILL_PX = 4;
const SLACK_PX = 6;

/** What the lanes ask of the player. */
export interface Shown {
  readonly shown: Span;
  chooseAt(time_s: number, slack_s: number): void;
  panBy(by_s: number): void;
  zoomBy(factor: number, anchor_s: number): void;
}

export function listenToOverview(
  box: HTMLElement, duration_s: number, lookAt: (time_s: number) => void, scope: Scope,
): void {
  const go = (event: PointerEvent) => lookAt(timeUnder(event, box, { start_s: 0, end_s: duration_s }));
  scope.on(box, "pointerdown", (event) => {
    box.setPointerCapture(event.pointerId);
    go(event);
  });
  scope.on(box, "pointermove", (event) => {
    if (event.buttons) go(event);
  });
}

export function listenToLanes(box: HTMLElement, player: Shown, scope: Scope): void {
  let dragged_px = 0;
  scope.on(box, "pointerdown", () => (dragged_px = 0));
  scope.on(box, "pointermove", (event) => {
    if (!event.buttons) return;
    dragged_px += Math.abs(event.movementX);
    if (dragged_px > STILL_PX) player.panBy(-event.movementX * perPixel(player, box));
  });
  scope.on(box, "pointerup", (event) => {
    if (dragged_px <= STILL_PX) choose(event, box, player);
  });
  scope.on(box, "wheel", (event) => wheel(event, box, player), { passive: false });
}

/** Bars of spasms may be a hair wide; near is enough there, but not in the traces below. */
function choose(event: PointerEvent, box: HTMLElement, player: Shown): void {
  const onBars = event.clientY - box.getBoundingClientRect().top < EVENTS_PX;
  const slack_s = onBars ? SLACK_PX * perPixel(player, box) : 0;
  player.chooseAt(timeUnder(event, box, player.shown), slack_s);
}

function wheel(event: WheelEvent, box: HTMLElement, player: Shown): void {
  const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
  if (!event.ctrlKey && !sideways) return;
  event.preventDefault();
  if (event.ctrlKey) player.zoomBy(Math.exp(event.deltaY / 200), timeUnder(event, box, player.shown));
  else player.panBy(event.deltaX * perPixel(player, box));
}

function perPixel({ shown }: Shown, box: HTMLElement): number {
  return (shown.end_s - shown.start_s) / Math.max(box.clientWidth, 1);
}

function timeUnder(event: MouseEvent, box: HTMLElement, view: Span): number {
  const { left, width } = box.getBoundingClientRect();
  const share = clamp((event.clientX - left) / Math.max(width, 1), 0, 1);
  return view.start_s + share * (view.end_s - view.start_s);
}
