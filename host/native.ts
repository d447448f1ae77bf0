import type { Native } from "../firmware/index.js";

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

/** What Espruino does natively, on the host: CRC-32 (IEEE 802.3) by table, and moving bytes. */
export const native: Native = {
  checksum(bytes, from, end) {
    let rest = -1;
    for (let at = from; at < end; at++) rest = (rest >>> 8) ^ table[(rest ^ bytes[at]!) & 255]!;
    return ~rest;
  },
  move(bytes, to, from, end) {
    if (end - from > 32) bytes.copyWithin(to, from, end);
    else if (to < from) while (from < end) bytes[to++] = bytes[from++]!;
    else for (let left = end - from; left--; ) bytes[to + left] = bytes[from + left]!;
  },
};
