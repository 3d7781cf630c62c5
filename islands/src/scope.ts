/** One owner for everything an element starts, so that removing it stops everything. */
export class Scope {
  private readonly abort = new AbortController();

  /** Ends with the scope; give it to `addEventListener` and `fetch`. */
  get signal(): AbortSignal {
    return this.abort.signal;
  }

  on<K extends keyof HTMLElementEventMap>(
    target: EventTarget,
    type: K,
    listener: (event: HTMLElementEventMap[K]) => void,
    options: AddEventListenerOptions = {},
  ): void {
    target.addEventListener(type, listener as EventListener, { ...options, signal: this.signal });
  }

  /** Runs `stop` when the scope ends. */
  onEnd(stop: () => void): void {
    this.signal.addEventListener("abort", stop, { once: true });
  }

  end(): void {
    this.abort.abort();
  }
}
