/** The player's inner page: its parts and their looks. Colours come from the page around it. */

const ICONS = {
  previous: "M6 5v14M19 5 9 12l10 7z",
  back: "M15 5 7 12l8 7z",
  play: "M8 4.5v15L20 12z",
  pause: "M8 5v14M16 5v14",
  forward: "m9 5 8 7-8 7z",
  next: "M18 5v14M5 5l10 7-10 7z",
  zoomIn: "M12 5v14M5 12h14",
  zoomOut: "M5 12h14",
};

export type Action = keyof typeof ICONS;

const RATES = [["1", "1×"], ["0.5", "½×"], ["0.25", "¼×"]] as const;

export function iconPath(action: Action): string {
  return ICONS[action];
}

/** Builds the inner page; every word comes from `words`, set as text, never as markup. */
export function skeleton(words: Record<string, string>, hasVideo: boolean): DocumentFragment {
  const template = document.createElement("template");
  template.innerHTML = `
<div class="player" role="group" data-label="label">
  <div class="film"><slot></slot></div>
  <div class="panel">
    <div class="controls">
      ${button("previous")}${button("back")}${hasVideo ? button("play", "main") : ""}${button("forward")}${button("next")}
      <span class="clock" aria-hidden="true"></span>
      <span class="rates" role="group" data-label="speed" ${hasVideo ? "" : "hidden"}>${RATES.map(rate).join("")}</span>
    </div>
    <div class="overview" role="slider" tabindex="0" data-label="position" aria-valuemin="0">
      <canvas></canvas><div class="window"></div><div class="head"></div>
    </div>
    <div class="lanes"><canvas role="img" data-label="overview"></canvas><div class="head"></div></div>
    <div class="foot">
      <span class="legend"></span>
      <span class="tools">${button("zoomOut")}${button("zoomIn")}
      <button type="button" class="all" aria-pressed="false" data-text="all"></button></span>
    </div>
    <p class="keys" data-text="keys"></p>
    <p class="status" role="status"></p>
  </div>
</div>`;
  const fragment = template.content;
  for (const element of fragment.querySelectorAll<HTMLElement>("[data-label]"))
    element.setAttribute("aria-label", words[element.dataset["label"] ?? ""] ?? "");
  for (const element of fragment.querySelectorAll<HTMLElement>("[data-text]"))
    element.textContent = words[element.dataset["text"] ?? ""] ?? "";
  for (const element of fragment.querySelectorAll<HTMLElement>("button[data-label]"))
    element.title = element.getAttribute("aria-label") ?? "";
  return fragment;
}

/** The looks, as a sheet: a strict policy of the page forbids a style element. */
export function styleSheet(): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  return sheet;
}

function button(action: Action, extra = ""): string {
  return `<button type="button" class="icon ${extra}" data-action="${action}" data-label="${action}">
<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[action]}"/></svg></button>`;
}

function rate([value, text]: readonly [string, string]): string {
  return `<button type="button" data-rate="${value}" aria-pressed="${value === "1"}">${text}</button>`;
}

const STYLE = `
:host { display: block; container-type: inline-size; }
:host([hidden]) { display: none; }
* { box-sizing: border-box; }
.player { display: grid; gap: 20px; }
.panel { min-width: 0; }
.film { min-width: 0; }
@container (min-width: 800px) {
  .player.with-film { grid-template-columns: minmax(260px, 36%) 1fr; gap: 36px; align-items: start; }
  .player.with-film .film { position: sticky; top: 16px; }
}
button { font: inherit; color: inherit; background: none; border: 1px solid transparent; border-radius: 8px;
  min-height: 44px; min-width: 44px; padding: 0 10px; cursor: pointer; font-variant-numeric: tabular-nums; }
button:hover { background: var(--wash); }
button:focus-visible, .overview:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
button[aria-pressed="true"] { color: var(--accent); border-color: var(--accent); }
.icon { padding: 0; display: inline-grid; place-items: center; }
.icon svg { width: 20px; height: 20px; fill: currentColor; stroke: currentColor; stroke-width: 2;
  stroke-linecap: round; stroke-linejoin: round; }
.icon.main { color: var(--paper); background: var(--accent); border-radius: 50%; margin: 0 6px; }
.icon.main:hover { background: var(--ink); }
.controls { display: flex; flex-wrap: wrap; align-items: center; gap: 2px; margin-bottom: 12px; }
.clock { margin: 0 auto 0 12px; font-variant-numeric: tabular-nums; white-space: nowrap; }
.clock small { color: var(--soft); font-size: inherit; }
.rates { display: inline-flex; gap: 4px; }
.rates[hidden] { display: none; }
canvas { display: block; width: 100%; }
.overview { position: relative; height: 40px; cursor: pointer; touch-action: none; }
.overview canvas { height: 40px; }
.window { position: absolute; inset-block: 0; border: 1.5px solid var(--soft); border-radius: 4px; pointer-events: none; }
.head { position: absolute; inset-block: 0; left: 0; width: 0; pointer-events: none; }
.head::before { content: ""; position: absolute; inset-block: 0; left: -1px; width: 2px; background: var(--ink); }
.lanes { position: relative; overflow: hidden; margin-top: 14px; cursor: crosshair; touch-action: pan-y; }
.foot { display: flex; flex-wrap: wrap; gap: 4px 18px; align-items: center; margin-top: 8px; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 16px; margin-right: auto; }
.legend span { display: inline-flex; align-items: center; gap: 6px; }
.legend i { width: 16px; height: 10px; border-radius: 3px; background: var(--key); }
.legend i.thin { height: 4px; }
.tools { display: inline-flex; margin-left: -12px; }
.keys { color: var(--soft); margin: 6px 0 0; font-size: 14px; }
.status { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); margin: 0; }
@container (max-width: 560px) { .keys { display: none; } .clock { order: 1; margin-left: 2px; } .rates { order: 2; } }
@media (pointer: coarse) { .keys { display: none; } }
@media print { .controls, .tools, .keys, .head, .window, .film { display: none !important; } }
`;
