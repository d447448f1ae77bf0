/// <reference lib="dom" />
import type { CycleRecord } from "../../emulate/emulate.js";
import type { Header, TraceEvent } from "../../events/events.js";
import { parseJson } from "../../base/json.js";
import { parseNetwork } from "../../network/network.js";
import type { Network } from "../../network/network.js";

/** As many cycles of a real run are kept, of which the page is told. */
const KEPT = 200;

/** A run on real lines, as far as the page has heard of it. */
export interface Feed {
  readonly network: Network;
  readonly header: Header;
  readonly records: readonly CycleRecord[];
  readonly events: (cycle: number) => readonly TraceEvent[];
  /** Cycles that were left out, because the page was slow. */
  left: number;
}

type Sent = { readonly bytes?: string } & Omit<TraceEvent, "bytes">;

const eventOf = (sent: Sent): TraceEvent => {
  const { bytes = "" } = sent;
  return {
    ...sent,
    bytes: Uint8Array.from(bytes.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16)),
  } as TraceEvent;
};

/**
 * Listens to `tagma bus --page`.
 *
 * @param changed after each cycle; undefined as long as nothing is known
 */
export const listen = (changed: (feed: Feed | undefined, state: string) => void): void => {
  let feed: (Feed & { records: CycleRecord[] }) | undefined;
  const events = new Map<number, TraceEvent[]>();
  const source = new EventSource("events");
  source.addEventListener("header", (message: MessageEvent<string>) => {
    const header = parseJson(message.data) as Header;
    events.clear();
    feed = {
      header, network: parseNetwork(header.network, "network"), records: [], left: 0,
      events: (cycle) => events.get(cycle) ?? [],
    };
    changed(feed, "open");
  });
  source.addEventListener("cycle", (message: MessageEvent<string>) => {
    if (!feed) return;
    const { record, frames, ends, left } = parseJson(message.data) as
      { record: CycleRecord; frames: Sent[]; ends: number; left: number };
    feed.records.push(record);
    feed.left = left;
    events.set(record.cycle, [...frames.map(eventOf), { e: "cycle", t: ends, ...record }]);
    if (feed.records.length > KEPT) events.delete(feed.records.shift()!.cycle);
    changed(feed, "open");
  });
  source.addEventListener("end", () => {
    source.close();
    changed(feed, "over");
  });
  source.addEventListener("error", () => {
    changed(feed, source.readyState === EventSource.CLOSED ? "over" : "away");
  });
};
