/** The words of a page: in its language, in a template that nobody sees. */
export class Words {
  private readonly all: ReadonlyMap<string, string>;

  constructor(template: HTMLTemplateElement) {
    const found = [...template.content.querySelectorAll<HTMLElement>("[data-word]")];
    this.all = new Map(found.map((one) => [one.dataset["word"]!, one.textContent!.trim()]));
  }

  /** The sentence of a name, its gaps filled. */
  say(name: string, filling: Readonly<Record<string, string | number>> = {}): string {
    const sentence = this.all.get(name);
    if (sentence === undefined) throw new Error(`The page must have words for ${name}; it has none.`);
    return sentence.replace(/\{(\w+)\}/g, (gap, key: string) => String(filling[key] ?? gap));
  }
}

/** Minutes and seconds, as on a clock. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
