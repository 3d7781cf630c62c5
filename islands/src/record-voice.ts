const [LOW_HZ, HIGH_HZ] = [440, 660];
const BEEP_S = 0.18;
const VIBRATE_MS = 150;

/** What is said and heard; a muted voice still lets the device shake. */
export class Voice {
  isMuted = false;
  private sound: AudioContext | null = null;

  get isTalking(): boolean {
    return "speechSynthesis" in window && speechSynthesis.speaking;
  }

  say(text: string): void {
    this.hush();
    if (this.isMuted || !("speechSynthesis" in window)) return;
    const said = new SpeechSynthesisUtterance(text);
    said.lang = document.documentElement.lang;
    speechSynthesis.speak(said);
  }

  begin(): void {
    this.mark(HIGH_HZ);
  }

  end(): void {
    this.mark(LOW_HZ);
  }

  hush(): void {
    if ("speechSynthesis" in window) speechSynthesis.cancel();
  }

  close(): void {
    this.hush();
    void this.sound?.close();
    this.sound = null;
  }

  private mark(hz: number): void {
    navigator.vibrate?.(VIBRATE_MS);
    if (this.isMuted) return;
    this.sound ??= new AudioContext();
    const [tone, level] = [this.sound.createOscillator(), this.sound.createGain()];
    level.gain.value = 0.15;
    tone.frequency.value = hz;
    tone.connect(level).connect(this.sound.destination);
    tone.start();
    tone.stop(this.sound.currentTime + BEEP_S);
  }
}
