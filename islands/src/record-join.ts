import {
  ALL_FORMATS, BlobSource, BufferTarget, EncodedAudioPacketSource, EncodedPacketSink, EncodedVideoPacketSource, Input,
  Mp4OutputFormat, Output, WebMOutputFormat, type EncodedPacket, type InputAudioTrack, type InputVideoTrack,
} from "mediabunny";
import type { Piece } from "./record-ring";

interface Opened {
  readonly video: InputVideoTrack;
  readonly audio: InputAudioTrack | null;
  /** When it begins, and when the next one does, seconds from the first one's start. */
  readonly from_s: number;
  readonly to_s: number;
}

/** Join pieces that overlap a little into one file; nothing is encoded anew. */
export async function joinPieces(pieces: readonly Piece[]): Promise<Blob> {
  const inputs = pieces.map(({ file }) => new Input({ source: new BlobSource(file), formats: ALL_FORMATS }));
  try {
    const opened = await Promise.all(inputs.map((input, index) => open(input, pieces, index)));
    return await write(opened, pieces[0]!.file.type);
  } finally {
    for (const input of inputs) input.dispose();
  }
}

async function open(input: Input, pieces: readonly Piece[], index: number): Promise<Opened> {
  const start_s = pieces[0]!.began_s;
  const video = await input.getPrimaryVideoTrack();
  if (!video) throw new Error("A piece has no picture.");
  const audio = await input.getPrimaryAudioTrack();
  const next = pieces[index + 1];
  return { video, audio, from_s: pieces[index]!.began_s - start_s, to_s: next ? next.began_s - start_s : Infinity };
}

async function write(opened: readonly Opened[], type: string): Promise<Blob> {
  const target = new BufferTarget();
  const output = new Output({ format: type.includes("mp4") ? new Mp4OutputFormat() : new WebMOutputFormat(), target });
  const { video, audio } = opened[0]!;
  const pictures = new EncodedVideoPacketSource((await video.getCodec())!);
  output.addVideoTrack(pictures);
  const codec = await audio?.getCodec();
  const sounds = codec ? new EncodedAudioPacketSource(codec) : null;
  if (sounds) output.addAudioTrack(sounds);
  await output.start();
  const config = (await video.getDecoderConfig())!;
  const sound = (await audio?.getDecoderConfig()) ?? undefined;
  await Promise.all([
    copy(packets(opened, "video"), (packet, isFirst) => pictures.add(packet, isFirst ? { decoderConfig: config } : undefined)),
    sounds && copy(packets(opened, "audio"), (packet, isFirst) => sounds.add(packet, isFirst && sound ? { decoderConfig: sound } : undefined)),
  ]);
  pictures.close();
  sounds?.close();
  await output.finalize();
  return new Blob([target.buffer!], { type });
}

async function copy(all: AsyncGenerator<EncodedPacket>, add: (packet: EncodedPacket, isFirst: boolean) => Promise<void>): Promise<void> {
  let isFirst = true;
  for await (const packet of all) {
    await add(packet, isFirst);
    isFirst = false;
  }
}

/** Packets of all pieces on one clock; of what two pieces hold the later one counts. */
async function* packets(opened: readonly Opened[], kind: "video" | "audio"): AsyncGenerator<EncodedPacket> {
  let last_s = -1;
  for (const { [kind]: track, from_s, to_s } of opened) {
    if (!track) continue;
    for await (const packet of new EncodedPacketSink(track).packets()) {
      const timestamp = packet.timestamp + from_s;
      if (timestamp >= to_s) break;
      if (timestamp < 0 || timestamp <= last_s) continue;
      last_s = timestamp;
      yield packet.clone({ timestamp });
    }
  }
}
