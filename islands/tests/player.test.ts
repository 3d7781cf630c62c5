import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import "../src/define";
import { FaceMap } from "../src/face-map";
import type { SpasmPlayer, SpasmSelect } from "../src/spasm-player";
import example from "./example.player.json";

let player: SpasmPlayer;
let video: HTMLVideoElement;

function mount(document_: unknown = example): Promise<void> {
  document.body.innerHTML = `<spasm-player><video controls></video>
    <script type="application/json">${JSON.stringify(document_)}</script></spasm-player>`;
  player = document.querySelector("spasm-player")!;
  video = document.querySelector("video")!;
  // happy-dom has no moving pictures: only the two calls that would start and stop them are replaced.
  video.play = vi.fn(async () => undefined);
  video.pause = vi.fn();
  return new Promise((resolve) => setTimeout(resolve, 0));
}

function inner<T extends Element = HTMLElement>(selector: string): T {
  return player.shadowRoot!.querySelector<T>(selector)!;
}

function press(key: string, target: Element = inner(".overview"), shiftKey = false): void {
  target.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey, bubbles: true, composed: true, cancelable: true }));
}

function heard(): SpasmSelect[] {
  const found: SpasmSelect[] = [];
  document.addEventListener("spasm-select", (event) => found.push((event as CustomEvent<SpasmSelect>).detail));
  return found;
}

beforeAll(() => customElements.define("face-map", FaceMap));
beforeEach(() => mount());
afterEach(() => document.body.replaceChildren());

describe("attributes", () => {
  it("rate sets the speed of the video and the pressed button", () => {
    player.setAttribute("rate", "0.25");
    expect(video.playbackRate).toBe(0.25);
    expect(inner('[data-rate="0.25"]').getAttribute("aria-pressed")).toBe("true");
    expect(inner('[data-rate="1"]').getAttribute("aria-pressed")).toBe("false");
  });

  it("an unknown rate is the natural one", () => {
    player.setAttribute("rate", "fast");
    expect(player.rate).toBe(1);
    expect(video.playbackRate).toBe(1);
  });

  it("selected announces the spasm", () => {
    player.setAttribute("selected", "1");
    expect(player.selected).toBe(1);
    expect(inner(".status").textContent).toContain("2 of 6");
    expect(inner(".status").textContent).toContain("left");
  });

  it("selected outside the spasms is none", () => {
    player.setAttribute("selected", "99");
    expect(player.selected).toBe(-1);
  });

  it("src fetches the document from elsewhere", async () => {
    const answer = new Response(JSON.stringify({ ...example, duration_s: 99 }));
    const asked = vi.spyOn(globalThis, "fetch").mockResolvedValue(answer);
    player.setAttribute("src", "/recordings/1/player.json");
    await vi.waitFor(() => expect(inner(".overview").getAttribute("aria-valuemax")).toBe("99.00"));
    expect(asked.mock.calls[0]![0]).toBe("/recordings/1/player.json");
    asked.mockRestore();
  });
});

describe("moving", () => {
  it("a chosen spasm is told, found and played", () => {
    const told = heard();
    player.playSpasm(2);
    expect(told).toHaveLength(1);
    expect(told[0]!.spasm.onset_s).toBe(5);
    expect(video.currentTime).toBeCloseTo(5 - 0.6);
    expect(video.play).toHaveBeenCalled();
  });

  it("rests at the peak for who asked for less motion", () => {
    const asked = vi.spyOn(globalThis, "matchMedia").mockReturnValue({ matches: true } as MediaQueryList);
    player.playSpasm(2);
    expect(video.currentTime).toBeCloseTo(5.1);
    expect(video.play).not.toHaveBeenCalled();
    asked.mockRestore();
  });

  it("full stop and comma step one frame as recorded", () => {
    player.seek(1);
    press(".");
    expect(video.currentTime).toBeCloseTo(31 / 30, 2);
    press(",");
    press(",");
    expect(video.currentTime).toBeCloseTo(29 / 30, 2);
  });

  it("arrows move one second, with shift five, and stay inside", () => {
    press("ArrowRight");
    expect(video.currentTime).toBeCloseTo(1);
    press("ArrowRight", inner(".overview"), true);
    expect(video.currentTime).toBeCloseTo(6);
    press("End");
    press("ArrowRight");
    expect(video.currentTime).toBe(12);
  });

  it("n and p go from spasm to spasm", () => {
    press("n");
    press("n");
    expect(player.selected).toBe(1);
    press("p");
    expect(player.selected).toBe(0);
  });

  it("space plays, but on a button it presses the button", () => {
    press(" ");
    expect(video.play).toHaveBeenCalledTimes(1);
    press(" ", inner('[data-action="next"]'));
    expect(video.play).toHaveBeenCalledTimes(1);
  });

  it("tells the position", () => {
    const times: number[] = [];
    player.addEventListener("position-change", (event) => times.push((event as CustomEvent).detail.time_s));
    player.seek(3);
    expect(times).toEqual([3]);
    expect(inner(".overview").getAttribute("aria-valuenow")).toBe("3.00");
  });
});

describe("removal", () => {
  it("stops listening and gives the video its own controls back", async () => {
    expect(video.controls).toBe(false);
    const told = heard();
    player.remove();
    expect(video.controls).toBe(true);
    press("n", player);
    video.dispatchEvent(new Event("click"));
    expect(told).toHaveLength(0);
    expect(video.play).not.toHaveBeenCalled();
  });

  it("can be put back", async () => {
    player.remove();
    document.body.append(player);
    await vi.waitFor(() => expect(inner(".overview")).toBeTruthy());
    press("n");
    expect(player.selected).toBe(0);
  });
});

it("says in words when there is nothing to show, and keeps the video", async () => {
  await mount(null);
  expect(player.shadowRoot!.querySelector('[role="alert"]')!.textContent).toContain("found none");
  expect(player.shadowRoot!.querySelector("slot")).toBeTruthy();
});

it("never reads words as markup", async () => {
  await mount({ ...example, words: { ...example.words, all: "<img src=x onerror=alert(1)>" } });
  expect(player.shadowRoot!.querySelector("img")).toBeNull();
});

describe("face-map", () => {
  const markup = `<face-map><svg><g data-muscle="zygomaticus" data-side="left" data-text="Zygomaticus, left: in 3 spasms">
    <path></path></g></svg><p data-readout></p></face-map>`;

  it("reads out the muscle under focus and tells the one chosen", () => {
    document.body.innerHTML = markup;
    const shape = document.querySelector("g")!;
    const chosen: unknown[] = [];
    document.addEventListener("muscle-select", (event) => chosen.push((event as CustomEvent).detail));
    shape.dispatchEvent(new Event("focusin", { bubbles: true }));
    expect(document.querySelector("[data-readout]")!.textContent).toContain("in 3 spasms");
    press("Enter", shape);
    expect(chosen).toEqual([{ muscle: "zygomaticus", side: "left" }]);
  });

  it("is silent once removed", () => {
    document.body.innerHTML = markup;
    const map = document.querySelector("face-map")!;
    map.remove();
    map.querySelector("g")!.dispatchEvent(new Event("focusin", { bubbles: true }));
    expect(map.querySelector("[data-readout]")!.textContent).toBe("");
  });
});
