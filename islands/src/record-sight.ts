import type { Place } from "./points-format";

/** What one look at the camera's picture tells; lengths are shares of the picture. */
export interface Sight {
  /** The face: edges as shares of width and height. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Width of the face, pixels of the camera. */
  readonly width_px: number;
  /** The line of the eyes against the horizon. */
  readonly roll_deg: number;
  /** Nose out of the middle between the outer corners of the eyes, -1 to 1. */
  readonly turn: number;
  /** Between the eyes. */
  readonly at: readonly [number, number];
  /** Between the outer corners of the eyes, share of the width. */
  readonly eyes: number;
}

/** How bright, 0 to 255: mean and spread of the face, mean of what is around it. */
export interface Light {
  readonly face: number;
  readonly spread: number;
  readonly around: number;
}

const [RIGHT_CORNER, LEFT_CORNER, NOSE] = [33, 263, 1];

/** Read where a face is from its landmarks, in a picture of so many pixels. */
export function readSight(places: readonly Place[], width: number, height: number): Sight {
  const [xs, ys] = [places.map((one) => one.x), places.map((one) => one.y)];
  const [right, left, nose] = [places[RIGHT_CORNER]!, places[LEFT_CORNER]!, places[NOSE]!];
  const [across, down] = [(left.x - right.x) * width, (left.y - right.y) * height];
  const apart = Math.hypot(across, down);
  const middle = [(left.x + right.x) / 2, (left.y + right.y) / 2] as const;
  const [nose_across, nose_down] = [(nose.x - middle[0]) * width, (nose.y - middle[1]) * height];
  return {
    left: Math.min(...xs),
    right: Math.max(...xs),
    top: Math.min(...ys),
    bottom: Math.max(...ys),
    width_px: (Math.max(...xs) - Math.min(...xs)) * width,
    roll_deg: (180 / Math.PI) * Math.atan2(down, across),
    turn: (2 * (nose_across * across + nose_down * down)) / apart ** 2,
    at: middle,
    eyes: apart / width,
  };
}

/** Read the light of a small picture, RGBA. */
export function readLight(pixels: Uint8ClampedArray, width: number, height: number, sight: Sight): Light {
  const [inside, outside] = [new Sum(), new Sum()];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = 4 * (y * width + x);
      const grey = 0.299 * pixels[at]! + 0.587 * pixels[at + 1]! + 0.114 * pixels[at + 2]!;
      (isInside(sight, (x + 0.5) / width, (y + 0.5) / height) ? inside : outside).add(grey);
    }
  return { face: inside.mean, spread: inside.spread, around: outside.mean };
}

function isInside({ left, right, top, bottom }: Sight, x: number, y: number): boolean {
  const across = (2 * x - left - right) / (right - left);
  const down = (2 * y - top - bottom) / (bottom - top);
  return across ** 2 + down ** 2 < 1;
}

class Sum {
  private n = 0;
  private sum = 0;
  private squares = 0;

  add(value: number): void {
    this.n++;
    this.sum += value;
    this.squares += value * value;
  }

  get mean(): number {
    return this.n ? this.sum / this.n : NaN;
  }

  get spread(): number {
    return Math.sqrt(Math.max(0, this.squares / this.n - this.mean ** 2));
  }
}
