/** When a person was asked to do what, seconds from the recording's start, half-open. */
export interface TaskSpan {
  readonly task: string;
  readonly start_s: number;
  readonly end_s: number;
}

/** What the first line of a file of points says. */
export interface Header {
  readonly schema: typeof SCHEMA;
  readonly n_frames: number;
  readonly width: number;
  readonly height: number;
  readonly mirrored: boolean;
  readonly started_at: string;
  readonly tasks: readonly TaskSpan[];
}

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

export const SCHEMA = "hemiface.points/1";
export const ENDING = ".points";
export const N_LANDMARKS = 478;
const RECORD = 2 + 3 * N_LANDMARKS;
const BLOCK = 512; // frames, so that memory grows in steps

/**
 * The frames of a file of points, as they are found.
 *
 * Each is little-endian float32: time in s, mean grey of the face (0 to 255), and x, y and z of 478
 * landmarks in pixels of the recording (x to the right, y down, z away); NaN where no face is seen.
 */
export class Frames {
  private readonly blocks: DataView<ArrayBuffer>[] = [];
  count = 0;

  constructor(
    private readonly width: number,
    private readonly height: number,
  ) {}

  /** Add a frame; `places` are shares of width and height (z of the width), empty without a face. */
  add(time: number, grey: number, places: readonly Place[]): void {
    const at = this.count % BLOCK;
    if (at === 0) this.blocks.push(new DataView(new ArrayBuffer(BLOCK * RECORD * 4)));
    const block = this.blocks.at(-1)!;
    let place = at * RECORD * 4;
    const put = (value: number): void => {
      block.setFloat32(place, value, true);
      place += 4;
    };
    put(time);
    put(places.length ? grey : NaN);
    for (let index = 0; index < N_LANDMARKS; index++) {
      const one = places[index];
      put(one ? one.x * this.width : NaN);
      put(one ? one.y * this.height : NaN);
      put(one ? one.z * this.width : NaN);
    }
    this.count++;
  }

  bytes(): ArrayBuffer[] {
    const last = (this.count % BLOCK || BLOCK) * RECORD * 4;
    return this.blocks.map((one, index) => (index < this.blocks.length - 1 ? one.buffer : one.buffer.slice(0, last)));
  }
}

/** The file: a gzip of one line of JSON and the frames. */
export function pointsFile(header: Header, frames: Frames): Promise<Blob> {
  const plain = new Blob([JSON.stringify(header), "\n", ...frames.bytes()]);
  const packed = plain.stream().pipeThrough(new CompressionStream("gzip"));
  return new Response(packed).blob();
}
