import { HUB } from "../../firmware/index.js";
import { startWriting } from "../base/file.js";
import { TYPE_NAMES } from "../base/values.js";
import { LIES } from "../events/events.js";
import type { Fate, FrameEvent, Header, Lie } from "../events/events.js";
import { layoutFor } from "../network/network.js";
import type { Network } from "../network/network.js";
import { linksOf } from "./links.js";
import type { Capture } from "./links.js";

/**
 * The frames of a trace as a pcapng file, a packet a transmission, for the dissector of
 * `tools/wireshark`. Each begins with a header of 20 bytes that says what no frame says of itself
 * (docs/analysers.md); numbers in it have their most significant byte first.
 */

/** LINKTYPE_USER0, which is nobody's. */
const USER0 = 147;
const SECTION = 0x0a0d0d0a;
const INTERFACE = 1;
const PACKET = 6;
const MAGIC = 0x1a2b3c4d;
const APPLICATION = 4;
const COMMENT = 1;
const NAME = 2;
const RESOLUTION = 9;
const FLAGS = 2;
/** To the hub, and from it. */
const INBOUND = 1;
const OUTBOUND = 2;

export const HEADER_BYTES = 20;
const VERSION = 1;
/** As the header numbers them. */
const FATES: readonly Fate[] = ["heard", "lost", "late", "garbled", "refused"];

const padded = (bytes: number): number => (bytes + 3) & ~3;

const option = (code: number, value: Uint8Array): Buffer => {
  const bytes = Buffer.alloc(4 + padded(value.length));
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt16LE(value.length, 2);
  bytes.set(value, 4);
  return bytes;
};

const block = (type: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  const bytes = Buffer.alloc(12 + body.length);
  bytes.writeUInt32LE(type, 0);
  bytes.writeUInt32LE(bytes.length, 4);
  bytes.set(body, 8);
  bytes.writeUInt32LE(bytes.length, bytes.length - 4);
  return bytes;
};

const END = Buffer.alloc(4);

const sectionOf = ({ file }: Network, { seed }: Header): Buffer => {
  const fixed = Buffer.alloc(16, 0xff);
  fixed.writeUInt32LE(MAGIC, 0);
  fixed.writeUInt16LE(1, 4);
  fixed.writeUInt16LE(0, 6);
  const about = `${file.name}, seed ${seed}, ${file.baud} baud`;
  return block(SECTION, fixed, option(COMMENT, Buffer.from(about)),
    option(APPLICATION, Buffer.from("tagma")), END);
};

const interfaceOf = (name: string): Buffer => {
  const fixed = Buffer.alloc(8);
  fixed.writeUInt16LE(USER0, 0);
  return block(INTERFACE, fixed, option(NAME, Buffer.from(name)),
    option(RESOLUTION, Uint8Array.of(9)), END);
};

const lieCode = (lie: Lie): number =>
  (typeof lie === "boolean" ? Number(lie) : ["hub", ...LIES].indexOf(lie) + 2);

export const createPcapng = (path: string, header: Header, network: Network): Capture => {
  const { file: { baud }, type, shape } = network;
  const links = linksOf(network);
  const { bitmaps, items, tags, word, ballots, exchanges } = layoutFor(shape, HUB, false);
  const writing = startWriting(path);
  let frames: FrameEvent[] = [];

  const headerOf = ({ cycle, round, from, to, fate, lie }: FrameEvent): Buffer => {
    const bytes = Buffer.alloc(HEADER_BYTES);
    const records = ballots && round > 0 && round <= exchanges;
    bytes.set([
      VERSION, word, from, to, FATES.indexOf(fate), lieCode(lie), round, bitmaps[round] ?? 0,
    ]);
    bytes.writeUInt16BE(items[round] ?? 0, 8);
    bytes.writeUInt16BE(tags, 10);
    bytes[12] = type.name === "bytes" ? 0 : TYPE_NAMES.indexOf(type.name) + 1;
    bytes[13] = Number(records);
    bytes.writeUInt16BE(shape.width, 14);
    bytes.writeUInt32BE(cycle, 16);
    return bytes;
  };

  const packetOf = (frame: FrameEvent): Buffer => {
    const data = Buffer.concat([headerOf(frame), frame.bytes]);
    const time = BigInt(Math.max(0, Math.round((frame.t * 1e9) / baud)));
    const fixed = Buffer.alloc(20);
    fixed.writeUInt32LE(links.of(frame), 0);
    fixed.writeUInt32LE(Number(time >> 32n), 4);
    fixed.writeUInt32LE(Number(time & 0xffffffffn), 8);
    fixed.writeUInt32LE(data.length, 12);
    fixed.writeUInt32LE(data.length, 16);
    const flags = Buffer.alloc(4);
    flags.writeUInt32LE(frame.to === HUB ? INBOUND : OUTBOUND, 0);
    return block(PACKET, fixed, data, Buffer.alloc(padded(data.length) - data.length),
      option(FLAGS, flags), END);
  };

  const flush = () => {
    for (const frame of frames.toSorted((one, other) => one.t - other.t)) {
      writing.append(packetOf(frame));
    }
    frames = [];
  };

  writing.append(sectionOf(network, header));
  for (const { name } of links.all) writing.append(interfaceOf(name));
  return {
    take(event) {
      if (event.e === "frame") frames.push(event);
      else if (event.e === "cycle") flush();
    },
    finish() {
      flush();
      writing.finish();
    },
    abandon() {
      writing.abandon();
    },
  };
};
