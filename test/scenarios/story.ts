import { HUB, createWire } from "../../firmware/index.js";
import { show } from "../../host/base/values.js";
import type { Shown } from "../../host/base/values.js";
import { lieText } from "../../host/events/events.js";
import type { CycleEvent, FrameEvent } from "../../host/events/events.js";
import { verdictText } from "../../host/events/names.js";
import type { Network } from "../../host/network/network.js";
import { duels } from "../../host/network/turns.js";
import type { Trace } from "../../host/trace/file.js";
import { duelText, shortText, spokenIn, valuesIn } from "../../host/trace/payload.js";

/** A trace in words: who said what to whom, what became of it, and what came of it all. */

/** What boards say in the rounds after they have told each other their records. */
const VOTES: Readonly<Record<string, readonly string[]>> = {
  lbp: ["2av", "2b"], lfab: ["accepted"], pbft: ["claims", "2av", "2b"],
  fab: ["claims", "accepted"], paxos: ["claims", "accepted"],
};

/** What is claimed in a fast cycle, read by hand from BALLOT.9; "⊥" where nothing is. */
const claimText = (
  { type, boards }: Network, payload: Uint8Array, word: (shown: Shown) => string,
): string => {
  const { valueWidth, keep } = boards[0]!.layout;
  const view = new DataView(payload.buffer, payload.byteOffset);
  const at = (place: number) => word(show(type.create(1).load(view, place, 0)));
  const [flags, slot] = [payload[0]!, 1 + valueWidth];
  if (!keep) return flags & 2 ? `decided ${at(1)}` : flags & 1 ? `proposes ${at(1)}` : "⊥";
  if (!(flags & 2)) return "⊥";
  const state = payload[slot + 4]!;
  const number = view.getUint32(slot, true);
  const last = state > 1 ? `slot ${number - 1 + (state & 1)} was ${at(slot + 5)}` : "nothing yet";
  return flags & 1 ? `${last}, proposes ${at(1)} for slot ${number + (state & 1)}` : last;
};

/** PAX.1, PAX.2, read by hand from BALLOT.10. */
const reportText = (
  { boards }: Network, round: number, payload: Uint8Array, shown: Shown,
  word: (shown: Shown) => string,
): string => {
  if (!(payload[0]! & 1)) return "⊥";
  const { keep, valueWidth, phases } = boards[0]!.layout;
  if (phases) return word(shown);
  const named = payload[1 + 1 + valueWidth + (keep ? 5 + keep * valueWidth : 0)]!;
  return round < 2 ? "that it is there" : `${word(shown)}, names ${boards[named]?.name}`;
};

/** Where a frame says more, the values are counted only. */
const TOLD = 8;

/** Things by what they have in common, in the order in which they came. */
class Groups<Key, Thing> extends Map<Key, Thing[]> {
  add(key: Key, thing: Thing): void {
    this.set(key, [...this.get(key) ?? [], thing]);
  }
}

const createTeller = (network: Network) => {
  const { boards, shape, file } = network;
  const { layout } = boards[0]!;
  const { exchanges, ballots, review } = layout;
  const alone = shape.commander;
  const all = boards.map(({ number }) => number);
  const middle = network.wiring ? "the master" : "the hub";
  const nameOf = (end: number) => (end === HUB ? middle : boards[end]!.name);
  const value = (shown: Shown) => shortText(network, shown);
  const names = (numbers: readonly number[], of = all.length) => {
    const sorted = numbers.toSorted((one, other) => one - other);
    return sorted.length > 1 && new Set(sorted.filter((end) => end !== HUB)).size === of
      ? "all" : sorted.map(nameOf).join(", ");
  };
  const listed = (values: readonly Shown[], whose: readonly number[], faulty: readonly number[]) =>
    whose.map((board, at) =>
      `${nameOf(board)}${faulty.includes(board) ? "*" : ""} ${value(values[at] ?? null)}`)
      .join(", ");

  const roundText = (round: number): string => {
    const votes = [
      ...(file.leader === "rotating" ? ["what the leader says"] : []),
      ...VOTES[file.algorithm] ?? [],
    ];
    const what = duels(layout)
      ? round > 1 ? "who asks, and who sends a value" : "promises and values accepted"
      : round > exchanges ? votes[round - exchanges - 1]
      : layout.phases ? round > 1 ? "what was accepted or decided" : "votes"
      : layout.direct ? round > 1 ? "records, and who is named" : "who is there"
      : round > 1 ? "what was heard" : ballots ? "records" : "values";
    return `  round ${round}, ${what}`;
  };

  /** Each frame is there once for each receiver, and read once. */
  const read = new Map<string, { round: number | undefined; values: Shown[] | undefined }>();
  const inFrame = (bytes: Uint8Array) => {
    const key = Buffer.from(bytes).toString("latin1");
    const found = read.get(key) ??
      { round: spokenIn(network, bytes)?.round, values: valuesIn(network, bytes) };
    read.set(key, found);
    return found;
  };

  /** A trace has the round that was open when a board spoke; one that is late says its own. */
  const roundOf = ({ bytes, from, round, lie }: FrameEvent): number =>
    (from === HUB || lie ? round : inFrame(bytes).round ?? round);

  /** Whom a frame names as its sender, and each further one that comes with it. */
  const claimsIn = (bytes: Uint8Array): number[] => {
    const arena = new Uint8Array(layout.end);
    const claims: number[] = [];
    createWire(
      layout, arena, new DataView(arena.buffer), new Uint32Array(3),
      (claimed, round) => {
        if (claimed === HUB || claimed < all.length) claims.push(claimed);
        return claimed === HUB || round >= layout.payloads.length ? 0
          : layout.overhead + layout.payloads[round]!;
      },
      () => undefined,
    ).decode(bytes);
    return claims;
  };

  const saidText = (frame: FrameEvent): string => {
    const { bytes, from, lie } = frame;
    const round = roundOf(frame);
    const { values } = inFrame(bytes);
    const textOf = (board: number) => {
      if (!values) return lie ? "garbage" : "something";
      const duel = duelText(network, bytes);
      if (duel) return duel;
      if (layout.direct && round <= exchanges) {
        return reportText(network, round, spokenIn(network, bytes)!.payload, values[0]!, value);
      }
      if (review && round === exchanges + 1) {
        return claimText(network, spokenIn(network, bytes)!.payload, value);
      }
      if (values.length > TOLD) return `${values.length} values`;
      const of = alone < 0 ? all.filter((other) => other !== board) : [alone];
      const each = values.length / of.length;
      if (round < 2 || round > exchanges || each % 1) return values.map(value).join(", ");
      // Who signed two orders has two places in what others relay.
      return of.map((other, at) => `${nameOf(other)} ${values.slice(at * each, (at + 1) * each)
        .filter((one, place) => one !== null || !place).map(value).join(" and ")}`).join(", ");
    };
    const claims = lie === true ? claimsIn(bytes) : [];
    if (!claims.length || claims.includes(from)) return textOf(from);
    const texts = claims.map((claimed) =>
      (claimed === HUB ? "a beacon" : `as ${nameOf(claimed)}: ${textOf(claimed)}`));
    return [...new Set(texts)].join(" and ");
  };

  /** What became of a frame; "" where it was heard as it was meant. */
  const becameText = ({ fate, lie }: FrameEvent, again = false): string => {
    const became = [
      ...(again ? ["again"] : []), ...(fate === "heard" ? [] : [fate]),
      ...(lie ? [lieText(lie)] : []),
    ];
    return became.length ? ` (${became.join(", ")})` : "";
  };

  /** Beacons that did not come as they should. */
  const unopened = (frames: readonly FrameEvent[]): string[] => {
    const beacons = new Groups<string, number>();
    for (const frame of frames) {
      const became = frame.from === HUB && becameText(frame);
      if (became) beacons.add(became, frame.to);
    }
    const { round } = frames[0] ?? { round: 0 };
    const which = round ? `the beacon of round ${round}` : "the closing beacon";
    return [...beacons].map(([became, to]) => `    ${which} to ${names(to)}${became}`);
  };

  const speaks = (from: number, frames: readonly FrameEvent[]): string[] => {
    const words = new Groups<string, FrameEvent>();
    for (const frame of frames) words.add(saidText(frame), frame);
    const passed = frames.some(({ to }) => to !== HUB);
    return [...words].flatMap(([said, alike]) => {
      const fates = new Groups<string, number>();
      const reached = new Set<number>();
      for (const frame of alike) {
        const { to, fate } = frame;
        // What the hub or the master hears is told where nobody else hears it, or otherwise.
        const told = to !== HUB || fate !== "heard" || reached.has(to) || !passed;
        if (told) fates.add(becameText(frame, reached.has(to)), to);
        reached.add(to);
      }
      const heard = [...fates].toSorted(([one], [other]) => Math.sign(one.length) -
        Math.sign(other.length));
      return heard.length ? [`    ${nameOf(from)} says ${said} ${heard
        .map(([became, to]) => `to ${names(to, all.length - 1)}${became}`).join("; ")}`] : [];
    });
  };

  const due = (from: number, round: number) =>
    alone < 0 || round > exchanges || (round > 1) !== (from === alone);

  const roundLines = (round: number, frames: readonly FrameEvent[]): string[] => [
    roundText(round), ...unopened(frames), ...all.flatMap((from) => {
      const own = frames.filter((frame) => frame.from === from);
      return own.length ? speaks(from, own)
        : due(from, round) ? [`    ${nameOf(from)} says nothing`] : [];
    }),
  ];

  /** What correct boards hold or decide, and do; those together that are of one mind. */
  const endLines = (event: CycleEvent): string[] => {
    const { vectors, orders, faulty, decisions } = event;
    const minds = new Groups<string, number>();
    const correct = all.filter((board) => !faulty.includes(board));
    const shown = all.filter((board) => alone < 0 || board === alone);
    for (const board of correct) {
      const vector = vectors[board];
      const held = decisions
        ? `decided: ${decisions[board]!.map(({ slot, value: decided }) =>
          `${value(decided)} for slot ${slot}`).join(", ") || "nothing"}`
        : `held: ${vector ? listed(shown.map((of) => vector[of]!), shown, faulty) : "nothing"}`;
      const order = orders[board] ?? null;
      minds.add(`${held}; ${order === null ? "no order" : `order ${value(order)}`}`, board);
    }
    return [...minds].map(([mind, numbers]) => `  ${names(numbers)} ${mind}`);
  };

  return (event: CycleEvent, frames: readonly FrameEvent[]): string[] => {
    const { cycle, inputs, faulty, asynchronous } = event;
    const puts = all.filter((board) => alone < 0 || board === alone);
    // With views, those of a review or of a fast cycle.
    const rounds = Array.from({ length: network.rounds }, (_, at) => at + 1).filter((round) =>
      !review || frames.some((frame) => frame.from === HUB && frame.round === round));
    return [
      `cycle ${cycle}`,
      `  put in: ${listed(puts.map((board) => inputs[board]!), puts, faulty)}`,
      ...rounds.flatMap((round) =>
        roundLines(round, frames.filter((frame) => roundOf(frame) === round))),
      ...unopened(frames.filter(({ from, round }) => from === HUB && !round)),
      ...endLines(event),
      `  ${verdictText({ ...event, verdict: event.verdict! })}${
        asynchronous ? ", and it was not in time" : ""}`,
    ];
  };
};

/** @param only these cycles; all unless told */
export const storyOf = (trace: Trace, only: readonly number[] = []): string => {
  const frames = new Groups<number, FrameEvent>();
  const cycles: CycleEvent[] = [];
  for (const event of trace.events()) {
    if (event.e === "cycle") cycles.push(event);
    if (event.e === "frame") frames.add(event.cycle, event);
  }
  const tell = createTeller(trace.network);
  return cycles.filter(({ cycle }) => !only.length || only.includes(cycle))
    .flatMap((event) => tell(event, frames.get(event.cycle) ?? [])).join("\n");
};
