/** What joins the parts of a report: the table, the face map and the player. */
import { FaceMap } from "./face-map";
import { type SpasmSelect, SpasmPlayer } from "./spasm-player";

const player = (): SpasmPlayer | null => document.querySelector<SpasmPlayer>("spasm-player");

function playFromTable(event: Event): void {
  const link = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-spasm]") : null;
  const target = player();
  if (!link || !target) return;
  event.preventDefault();
  target.scrollIntoView({ block: "start", behavior: "instant" });
  target.playSpasm(Number(link.dataset["spasm"]));
}

function markRow(event: Event): void {
  const { index } = (event as CustomEvent<SpasmSelect>).detail;
  for (const row of document.querySelectorAll("tr[aria-current]")) row.removeAttribute("aria-current");
  document.querySelector(`[data-spasm="${index}"]`)?.closest("tr")?.setAttribute("aria-current", "true");
}

function showMuscle(event: Event): void {
  player()?.showMuscle((event as CustomEvent<{ muscle: string }>).detail.muscle);
}

/** Some browsers cannot seek in a video that is part of the page's text; a blob they can. */
async function makeSeekable(): Promise<void> {
  const video = document.querySelector<HTMLVideoElement>("spasm-player video[src^='data:']");
  if (!video) return;
  try {
    const blob = await (await fetch(video.src)).blob();
    video.src = URL.createObjectURL(blob);
  } catch {
    // It stays as it is, and plays where the browser can.
  }
}

document.documentElement.classList.add("scripted");
document.addEventListener("click", playFromTable);
document.addEventListener("spasm-select", markRow);
document.addEventListener("muscle-select", showMuscle);
void makeSeekable();
customElements.define("spasm-player", SpasmPlayer);
customElements.define("face-map", FaceMap);
