import { indexAt } from "./data";
import type { Scope } from "./scope";
import { clamp } from "./view";

/** Half a millisecond past a frame's time: browsers round, and must not show the frame before. */
const INSIDE_FRAME_S = 0.0005;

/** Moves through the recording: the video where there is one, a bare position where there is none. */
export class Transport {
  private bare_s = 0;
  private stopAt_s = Infinity;
  private frameRequest = 0;

  constructor(
    private readonly video: HTMLVideoElement | null,
    private readonly times_s: Float64Array,
    private readonly duration_s: number,
    private readonly changed: () => void,
    scope: Scope,
  ) {
    if (!video) return;
    for (const type of ["play", "playing"] as const) scope.on(video, type, () => this.watch());
    for (const type of ["pause", "ended", "seeked", "seeking", "timeupdate"] as const)
      scope.on(video, type, () => this.changed());
    scope.onEnd(() => cancelAnimationFrame(this.frameRequest));
  }

  get position_s(): number {
    return this.video ? this.video.currentTime : this.bare_s;
  }

  get playing(): boolean {
    return this.video !== null && !this.video.paused && !this.video.ended;
  }

  set rate(rate: number) {
    if (this.video) this.video.playbackRate = rate;
  }

  seek(time_s: number): void {
    this.stopAt_s = Infinity;
    this.moveTo(time_s);
  }

  toggle(): void {
    this.stopAt_s = Infinity;
    if (this.playing) this.video?.pause();
    else this.play();
  }

  /** Plays from `start_s` and rests at `end_s`. */
  playSpan(start_s: number, end_s: number): void {
    this.moveTo(start_s);
    this.stopAt_s = end_s;
    this.play();
  }

  /** Moves by whole frames, as recorded. */
  step(frames: number): void {
    this.video?.pause();
    const here = indexAt(this.times_s, this.position_s + INSIDE_FRAME_S / 2);
    const next = clamp(here + frames, 0, this.times_s.length - 1);
    const time_s = this.times_s[next];
    if (time_s !== undefined) this.seek(time_s + INSIDE_FRAME_S);
    else this.seek(this.position_s + frames / 30);
  }

  private moveTo(time_s: number): void {
    const inside_s = clamp(time_s, 0, this.duration_s);
    if (this.video) this.video.currentTime = inside_s;
    this.bare_s = inside_s;
    this.changed();
  }

  private play(): void {
    // A browser may refuse to play; the picture then rests where it is, which is no error.
    void this.video?.play()?.catch(() => this.changed());
  }

  private watch(): void {
    cancelAnimationFrame(this.frameRequest);
    const tick = () => {
      if (this.position_s >= this.stopAt_s) {
        this.stopAt_s = Infinity;
        this.video?.pause();
      }
      this.changed();
      if (this.playing) this.frameRequest = requestAnimationFrame(tick);
    };
    tick();
  }
}
