import { CborError, ITEM_MAX, decodeItem, encodeItem, itemEnd } from "../base/cbor.js";
import { UsageError } from "../base/error.js";
import { startWriting } from "../base/file.js";
import { readParts } from "../base/input.js";
import type { Header, TraceEvent } from "../events/events.js";
import type { Network } from "../network/network.js";
import { checkHeader, createCheck } from "./check.js";

/** A trace file: a CBOR sequence (RFC 8742), first a header, then the events as they came. */

export interface TraceWriter {
  write(event: TraceEvent): void;
  /** The file is there once this returns, and not before. */
  finish(): void;
  /** Leaves nothing behind; does nothing once it is finished. */
  abandon(): void;
}

/** Bytes that are kept before they are written. */
const KEPT = 65536;

/**
 * @throws UsageError naming the file, here or when an event is written, where it cannot be written;
 *   nothing is left of it then
 */
export const createTraceWriter = (path: string, header: Header): TraceWriter => {
  const first = encodeItem(header);
  readBack(first, path);
  const writing = startWriting(path);
  const kept = new Uint8Array(KEPT);
  let fill = 0;
  const flush = () => {
    writing.append(kept.subarray(0, fill));
    fill = 0;
  };
  const put = (bytes: Uint8Array) => {
    if (fill + bytes.length > KEPT) flush();
    if (bytes.length > KEPT) writing.append(bytes);
    else {
      kept.set(bytes, fill);
      fill += bytes.length;
    }
  };
  put(first);
  return {
    write(event) {
      put(encodeItem(event));
    },
    finish() {
      flush();
      writing.finish();
    },
    abandon: () => {
      writing.abandon();
    },
  };
};

/** A header must be readable again, or the run would be for nothing. */
const readBack = (bytes: Uint8Array, path: string): void => {
  try {
    decodeItem(bytes);
  } catch (thrown) {
    if (!(thrown instanceof CborError)) throw thrown;
    throw new UsageError(`${path}: cannot be written: the network has text that is no Unicode`);
  }
};

export interface Trace {
  /** The file, for messages. */
  readonly name: string;
  readonly header: Header;
  readonly network: Network;
  /**
   * Reads the events, from the first one, each time it is called.
   *
   * @throws UsageError as `openTrace` does, when the event that is wrong is reached
   */
  events(): Generator<TraceEvent, void, undefined>;
}

/** A trace's bytes in parts, from the first one each time; a part is valid until the next. */
export type Parts = () => Iterable<Uint8Array>;

/**
 * @throws UsageError naming the file, the offset where the wrong begins, and what would be right
 */
export const openTrace = (path: string): Trace => parseTrace(() => readParts(path), path);

/** See `openTrace`; `name` stands for the file in messages. */
export const parseTrace = (parts: Parts, name: string): Trace => {
  const items = itemsOf(parts, name);
  const first = items.next();
  items.return();
  if (first.done) throw new UsageError(`${name}: is empty, a trace begins with a header`);
  const { header, network } = checkHeader(first.value.item, `${name}: byte 0`);
  return {
    name, header, network,
    *events() {
      const check = createCheck(network, header);
      let end = 0;
      for (const { item, from, next } of itemsOf(parts, name)) {
        end = next;
        if (!from) continue;
        const wrong = check.next(item);
        if (wrong) throw new UsageError(`${name}: byte ${from}: ${wrong}`);
        yield item as TraceEvent;
      }
      const missing = check.end();
      if (missing) throw new UsageError(`${name}: byte ${end}: ${missing}`);
    },
  };
};

/** An item, and where it begins and ends. */
interface Found {
  readonly item: unknown;
  readonly from: number;
  readonly next: number;
}

const itemsOf = function* (parts: Parts, name: string): Generator<Found, void, undefined> {
  let from = 0;
  let left = new Uint8Array(0);
  const take = (): Found | undefined => {
    try {
      const end = itemEnd(left);
      if ((end < 0 ? left.length : end) > ITEM_MAX) {
        throw new CborError("is longer than any event is");
      }
      if (end < 0) return undefined;
      const found = { item: decodeItem(left.slice(0, end)), from, next: from + end };
      left = left.subarray(end);
      from += end;
      return found;
    } catch (thrown) {
      if (!(thrown instanceof CborError)) throw thrown;
      throw new UsageError(`${name}: byte ${from}: ${from ? "" : "is no trace: "}what begins here ${
        thrown.message}`);
    }
  };
  // Parts are put together only once they double what there is: a long item is not walked over
  // again with each of its parts.
  let more: Uint8Array[] = [];
  let gathered = 0;
  const join = () => {
    left = new Uint8Array(Buffer.concat([left, ...more]));
    more = [];
    gathered = 0;
  };
  for (const part of parts()) {
    more.push(part.slice());
    gathered += part.length;
    if (gathered < left.length) continue;
    join();
    for (let found = take(); found; found = take()) yield found;
  }
  join();
  for (let found = take(); found; found = take()) yield found;
  if (left.length) {
    throw new UsageError(`${name}: byte ${from}: the file ends inside what begins here`);
  }
};
