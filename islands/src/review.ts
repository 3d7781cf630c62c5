import type { SpasmPlayer, SpasmSelect } from "./spasm-player";
import "./define";

/**
 * A doctor's review: keys for what the form does anyway, and the player in step with its rows.
 *
 * C confirms the chosen spasm, X rejects it, S changes its side; A marks onset and end of a new one.
 */
export class SpasmReview extends HTMLElement {
  private begun: number | null = null;

  connectedCallback(): void {
    this.querySelector<HTMLElement>("[data-keys]")!.hidden = false;
    for (const row of this.rows()) this.dress(row);
    this.addEventListener("spasm-select", (event) => this.markRow((event as CustomEvent<SpasmSelect>).detail.index));
    this.addEventListener("keydown", (event) => this.pressed(event));
  }

  private get player(): SpasmPlayer {
    return this.querySelector("spasm-player") as SpasmPlayer;
  }

  private rows(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("[data-row]")];
  }

  /** Rows of what was found are in the player's order of number; `found` holds it. */
  private rowOf(index: number): HTMLElement | undefined {
    return this.rows().find((row) => this.field(row, "found").value === String(index));
  }

  private field(row: HTMLElement, name: string): HTMLInputElement {
    return row.querySelector(`[name$="-${name}"]`) as HTMLInputElement;
  }

  private dress(row: HTMLElement): void {
    const button = row.querySelector<HTMLButtonElement>("[data-show]");
    if (!button) return;
    row.querySelector("[data-number]")?.remove();
    button.hidden = false;
    button.addEventListener("click", () => this.player.playSpasm(Number(this.field(row, "found").value)));
  }

  private markRow(index: number): void {
    for (const row of this.rows()) row.classList.toggle("chosen", row === this.rowOf(index));
  }

  private pressed(event: KeyboardEvent): void {
    const typing = event.target instanceof HTMLInputElement && event.target.type !== "radio";
    if (event.ctrlKey || event.metaKey || event.altKey || typing || event.target instanceof HTMLSelectElement) return;
    const keys: Record<string, () => void> = {
      c: () => this.judge("yes"),
      x: () => this.judge("no"),
      s: () => this.changeSide(),
      a: () => this.mark(),
    };
    const key = keys[event.key.toLowerCase()];
    if (!key) return;
    event.preventDefault();
    key();
  }

  private judge(verdict: "yes" | "no"): void {
    const row = this.rowOf(this.player.selected);
    const choice = row?.querySelector<HTMLInputElement>(`[name$="-verdict"][value="${verdict}"]`);
    if (!row || !choice) return;
    choice.checked = true;
    const words = choice.closest("label")?.textContent?.trim() ?? verdict;
    this.say("marked", { number: String(this.player.selected + 1), verdict: words });
  }

  private changeSide(): void {
    const row = this.rowOf(this.player.selected);
    if (!row) return;
    const side = row.querySelector(`[name$="-side"]`) as HTMLSelectElement;
    side.value = side.value === "left" ? "right" : "left";
    this.say("marked", { number: String(this.player.selected + 1), verdict: side.selectedOptions[0]?.text ?? side.value });
  }

  private mark(): void {
    const now = this.player.position_s;
    if (this.begun === null || now <= this.begun) {
      this.begun = now;
      this.say("begun", { time: now.toFixed(2) });
      return;
    }
    this.add(this.begun, now);
    this.begun = null;
  }

  private add(onset: number, end: number): void {
    const row = this.rows().find((one) => "blank" in one.dataset && !this.field(one, "onset_s").value);
    if (!row) return this.say("full", {});
    this.field(row, "onset_s").value = onset.toFixed(3);
    this.field(row, "end_s").value = end.toFixed(3);
    this.say("added", { time: onset.toFixed(2) });
  }

  private say(what: string, values: Record<string, string>): void {
    const words = this.getAttribute(`data-said-${what}`) ?? "";
    const line = this.querySelector<HTMLElement>("[data-said]");
    if (line) line.textContent = words.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "");
  }
}

if (!customElements.get("spasm-review")) customElements.define("spasm-review", SpasmReview);
