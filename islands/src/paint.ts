/** Colours of the page around the player, its canvases and its legend. */
import type { PlayerData } from "./data";
import { type Palette, sideColour, upperSide } from "./draw";

/** Reads the page's colours; the light ones stand in where the page names none. */
export function readPalette(element: HTMLElement): Palette {
  const style = getComputedStyle(element);
  const get = (name: string, fallback: string) => style.getPropertyValue(`--${name}`).trim() || fallback;
  return {
    ink: get("ink", "#22282b"),
    soft: get("soft", "#5d6468"),
    line: get("line", "#d9d4c9"),
    accent: get("accent", "#0f5c63"),
    affected: get("affected", "#c8553d"),
    other: get("other", "#5b6b7b"),
    font: style.fontFamily || "sans-serif",
  };
}

/** Sizes a canvas for the screen's own pixels and returns its context; null where none can be had. */
export function context2d(canvas: HTMLElement, width: number, height: number): CanvasRenderingContext2D | null {
  if (!(canvas instanceof HTMLCanvasElement) || width <= 0) return null;
  const ratio = globalThis.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

/** Says what the colours mean, and which side is drawn upwards. */
export function fillLegend(box: HTMLElement, data: PlayerData, palette: Palette): void {
  const upper = upperSide(data);
  const lower = upper === "left" ? "right" : "left";
  const word = (key: string) => data.words[key] ?? key;
  const items = [
    legendItem(`${word(`${upper}Side`)}, ${word("upwards")}`, sideColour(data, upper, palette)),
    legendItem(`${word(`${lower}Side`)}, ${word("downwards")}`, sideColour(data, lower, palette)),
    legendItem(word("blink"), palette.soft, "thin"),
  ];
  if (data.unseen.length) items.push(legendItem(word("unseen"), palette.line));
  box.replaceChildren(...items);
}

function legendItem(text: string, colour: string, kind = ""): HTMLElement {
  const item = document.createElement("span");
  const key = document.createElement("i");
  key.className = kind;
  key.style.setProperty("--key", colour);
  item.append(key, text);
  return item;
}
