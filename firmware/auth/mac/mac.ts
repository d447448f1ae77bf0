import { FAILED } from "../../base/counters.js";
import { HASH_BLOCK_BYTES, MAC_KEY_BYTES, TAGGED_BYTES } from "../../base/layout.js";
import type { Layout } from "../../base/layout.js";
import { hash } from "../../platform/hash-host.js";
import { move } from "../../platform/host.js";

/**
 * Link authentication: a frame carries a tag for each other board, HMAC-SHA-256 (RFC 2104,
 * FIPS 198-1) under the key of its sender and that board, cut to its first bytes.
 */
export interface Mac {
  /**
   * Tags what is at `arena[from..]`, which this board sends under this header.
   *
   * @param bytes of the payload, its tags included
   * @returns where it lies with its tags
   */
  readonly seal: (header: number, cycle: number, from: number, bytes: number) => number;
  /** Whether the payload at `arena[from..end)` has the right tag for this board. */
  readonly check: (header: number, cycle: number, from: number, end: number) => boolean;
}

export interface MacParts {
  /** What names the network. */
  readonly network: ArrayLike<number>;
  /** By number, the key that each board shares with this one; its own is never used. */
  readonly keys: ArrayLike<number>;
}

/**
 * Of a key's block only its first bytes differ from key to key, so no more of it is kept, with both
 * paddings.
 *
 * @param arena has room for all that `layout` names
 * @param view the same bytes
 * @param counts [FAILED] is counted up where a hash fails: then tags are wrong, or no tag is right
 */
export const createMac = (
  layout: Layout, arena: Uint8Array, view: DataView, counts: Uint32Array, parts: MacParts,
): Mac => {
  const { boards, self, tag } = layout;
  const inner = layout.mac + 2 * boards * MAC_KEY_BYTES;
  const text = inner + HASH_BLOCK_BYTES;
  const body = text + TAGGED_BYTES;
  const outer = body + layout.block + layout.tags;
  const digest = outer + HASH_BLOCK_BYTES;

  arena.subarray(inner, text).fill(0x36);
  arena.subarray(outer, digest).fill(0x5c);
  arena.set(parts.network, text);
  for (let at = 0; at < boards * MAC_KEY_BYTES; at++) {
    const to = layout.mac + at + (at & -MAC_KEY_BYTES);
    arena[to] = parts.keys[at]! ^ 0x36;
    arena[to + MAC_KEY_BYTES] = parts.keys[at]! ^ 0x5c;
  }

  // What is to be tagged, at `arena[from..end)`, is put in its place, but for who receives it.
  const load = (header: number, cycle: number, from: number, end: number) => {
    view.setUint32(text + 8, cycle);
    arena[text + 12] = header;
    move(arena, body, from, end);
    return body + end - from;
  };

  // The tag for `receiver`, under the key shared with `other`, is put at `digest`. Gives 0, or 1
  // where a hash failed: what is at `digest` is then no tag.
  const compute = (other: number, receiver: number, end: number) => {
    const key = layout.mac + 2 * MAC_KEY_BYTES * other;
    move(arena, inner, key, key + MAC_KEY_BYTES);
    move(arena, outer, key + MAC_KEY_BYTES, key + 2 * MAC_KEY_BYTES);
    arena[text + 13] = receiver;
    try {
      hash(arena, inner, end, digest);
      hash(arena, outer, digest + 32, digest);
      return 0;
    } catch {
      counts[FAILED]!++;
      return 1;
    }
  };

  return {
    seal(header, cycle, from, bytes) {
      const last = load(header, cycle, from, from + bytes - layout.tags);
      let to = last;
      for (let board = 0; board < boards; board++) {
        if (board !== self) {
          if (!compute(board, board, last)) move(arena, to, digest, digest + tag);
          to += tag;
        }
      }
      return body;
    },
    // However many bytes are right, it takes as long.
    check(header, cycle, from, end) {
      const sender = header & 31;
      const tags = end - layout.tags;
      const place = tags + (self > sender ? self - 1 : self) * tag;
      let wrong = compute(sender, self, load(header, cycle, from, tags));
      for (let left = tag; left--; ) wrong |= arena[place + left]! ^ arena[digest + left]!;
      return !wrong;
    },
  };
};
