import { HUB, firstRound, lastRound, speaks } from "../../firmware/index.js";
import { show } from "../base/values.js";
import type { Shown, Value } from "../base/values.js";
import { chooseOf, nativeBoard } from "../boards/board.js";
import type { Decision } from "../boards/board.js";
import type { BeaconEvent, CycleEvent, FrameEvent } from "../events/events.js";
import { watchedBy } from "../events/names.js";
import { faultyIn } from "../faults/troubles.js";
import type { Troubles } from "../faults/asked.js";
import { judgeCycle } from "../judge/cycle.js";
import type { JudgedCycle } from "../judge/cycle.js";
import { createHealthJudge } from "../judge/health.js";
import { heldOf } from "../judge/held.js";
import { lawOf } from "../judge/oracle.js";
import type { Outcome } from "../judge/oracle.js";
import { createPorts } from "../judge/ports.js";
import type { JudgeKeys } from "../keys/keyfile.js";
import { tagAnew } from "../keys/mac.js";
import type { Board, Network } from "../network/network.js";
import { ownRound, roundsIn } from "../network/turns.js";
import { spokenIn, valuesIn } from "../trace/payload.js";
import { createLiveBallots } from "./ballots.js";
import { meantPayload } from "./meaning.js";
import { createMeans } from "./means.js";

/**
 * What can be known of boards from the middle of the star. What a board holds is never on the wire,
 * so each has a stand-in here: the same firmware, which hears what was sent to that board. What a
 * stand-in holds is what the board holds if it is correct; and a board that says anything else than
 * its stand-in is not. Of secrets it has none: it signs what the board itself has signed, and that
 * truly (`means.ts`).
 */

export interface Observed {
  /** What each board put in: as it is known, else what it said itself in round 1. */
  readonly inputs: readonly (Value | undefined)[];
  /**
   * Those of which a frame was missing, who were not told a beacon, did not sign what was theirs to
   * sign, were odd, or lied.
   */
  readonly faulty: ReadonlySet<number>;
  /** Those that said what no correct board would have said. */
  readonly odd: ReadonlySet<number>;
  readonly vectors: readonly (readonly Shown[] | null)[];
  readonly orders: readonly (Shown | null)[];
  /** What boards hold of each other, where the network asks for that. */
  readonly held: Pick<CycleEvent, "health" | "detected" | "blocked">;
  readonly judged: JudgedCycle;
  /** Of ballots: what each board decided. */
  readonly decisions?: readonly (readonly Decision[])[];
  /** Of how many boards a frame was accepted. */
  readonly heard: number;
  /** Who speaks at each port in place of its own board, see `createPorts`. */
  readonly speakers: readonly (number | undefined)[];
}

export interface Observer {
  /** Events in their order. */
  take(event: BeaconEvent | FrameEvent): void;
  /**
   * The end of a cycle.
   *
   * @param known what each board put in, as far as that is known: by board, `known` is false where
   *   it is not
   */
  close(cycle: number, known: readonly Known[]): Observed;
}

export interface Known {
  readonly known: boolean;
  readonly value: Value | undefined;
}

/** What a frame says: its values, and all of it that a correct board has no choice in. */
interface Word {
  readonly values: readonly Shown[];
  readonly text: string;
  readonly payload: Uint8Array;
}

interface Found {
  readonly faulty: Set<number>;
  readonly odd: Set<number>;
}

/** What was said in a cycle, by board and round; undefined: nothing. */
type Said = (Word | undefined)[][];

/**
 * Of ballots, and of signed messages, each byte counts that means anything, signatures too; else
 * the values.
 *
 * @param links where the tags count, whether each board's are those that belong to what it said
 */
const wordOf = (
  network: Network, frame: Uint8Array, cycle: number, from: number, links: JudgeKeys["links"],
): Word | undefined => {
  const values = valuesIn(network, frame);
  if (!values) return undefined;
  const { round, payload: whole } = spokenIn(network, frame)!;
  const { layout } = network.boards[0]!;
  const payload = meantPayload(network, round, whole.subarray(0, whole.length - layout.tags));
  const told = network.signing || layout.ballots ? Buffer.from(payload).toString("hex")
    : String(values);
  if (!links) return { values, payload, text: told };
  const tagged = whole.slice();
  tagAnew(network, links[from]!, from, round, cycle, tagged);
  const right = Buffer.compare(tagged, whole) === 0;
  return { values, payload, text: right ? told : `${told}, wrong tags` };
};

/** Whether all that a payload of relays says is ⊥. */
const saysNothing = ({ layout }: Board, round: number, { payload }: Word): boolean =>
  payload.subarray(0, layout.bitmaps[round]).every((bits) => bits === 0);

/**
 * @param keys of a network that signs or tags
 * @param chosen what boards are to have chosen, by number, in place of what the network's decision
 *   chooses
 */
export const createObserver = (
  network: Network, troubles: Troubles, keys: JudgeKeys = {},
  chosen?: (board: number) => Value | undefined,
): Observer => {
  const { boards, type } = network;
  const { layout } = boards[0]!;
  const numbers = boards.map(({ number }) => number);
  const ballots = createLiveBallots(network, troubles);
  const ports = createPorts(network);
  const watching = createHealthJudge(network);
  let events: FrameEvent[] = [];
  // What the stand-in that hears something says to it.
  const last: { said?: Uint8Array | undefined } = {};
  const means = createMeans(network, keys, ballots?.wrote);
  // What a leader proposed of whose reading nothing else is known: a script makes anything of that.
  const proposed: (Value | undefined)[] = [];
  const scripted = layout.review > 0 && typeof network.file.decision === "object";
  const choosing = chosen ?? (scripted ? (board: number) => proposed[board] : undefined);
  const standIns = boards.map((board) => nativeBoard(network, board, (_board, bytes, from, end) => {
    last.said = bytes.slice(from, end);
  }, {
    ...means.of(board),
    ...(choosing && {
      choose: (vector, fallback) => choosing(board.number) ??
        (chosen ? fallback : chooseOf(network)(vector, fallback)),
    }),
  }));
  const wordIn = (bytes: Uint8Array, cycle: number, from: number) =>
    wordOf(network, bytes, cycle, from, keys.links);

  const answerOf = (to: number, bytes: Uint8Array): Uint8Array | undefined => {
    last.said = undefined;
    standIns[to]!.receive(bytes);
    return last.said;
  };

  // A stand-in knows no more of its board's past than that it may have promised something.
  const forget = (board: number, after: number) => {
    means.forget(board, after);
    void standIns[board]!.restart();
  };

  // What the hub accepted.
  const saidAtHub = (cycle: number): Said => {
    const said: Said = numbers.map(() => []);
    for (const event of events) {
      const { to, from, round, fate, bytes } = event;
      if (to === HUB && fate === "heard" && event.cycle === cycle) {
        said[from]![round] = wordIn(bytes, cycle, from);
        means.hear(from, bytes);
      }
    }
    return said;
  };

  // Lets the stand-ins hear what their boards were sent, and gives what they say.
  const rerun = (cycle: number): { said: Said; opened: Set<number>[] } => {
    const said: Said = numbers.map(() => []);
    // A set, for on a shared wire a round has many beacons.
    const opened = numbers.map(() => new Set<number>());
    for (const { to, from, round, fate, bytes, cycle: of } of events) {
      if (to === HUB || fate === "lost") continue;
      const answer = answerOf(to, bytes);
      if (from === HUB && round && of === cycle && fate === "heard") opened[to]!.add(round);
      if (from === HUB && answer) said[to]![round] = wordIn(answer, cycle, to);
    }
    return { said, opened };
  };

  // With views, of what a board reads in a fast cycle only a leader's proposal can be known.
  const inputOf = (known: Known, own: Said[number], round: number): Value | undefined => {
    const first = own[round]?.values[0];
    return known.known || first === undefined ? known.value : type.parse(first) ?? undefined;
  };

  // What a board's words show of it.
  const compare = (
    board: number, cycle: number, heard: Said[number], said: Said[number],
    input: Value | undefined, found: Found,
  ) => {
    if (boards[board]!.layout.learner) return;
    const { exchanges, review } = layout;
    const first = firstRound(layout, cycle);
    // Who said nothing in round 1 was restarted since the opening, as long as it says ⊥.
    let back = speaks(network.shape, board, 1) && !heard[first];
    for (let round = first; round <= lastRound(layout, cycle); round++) {
      const [told, due] = [heard[round], said[round]];
      if (!speaks(network.shape, board, round)) continue;
      if (!told) {
        found.faulty.add(board);
        continue;
      }
      back &&= (round <= exchanges || review > 0) && saysNothing(boards[board]!, round, told);
      if (back) continue;
      if (due && told.text !== due.text) {
        const invents = told.values[0] !== show(input);
        const how = ballots ? ballots.differs(board, round, told.payload, invents) : "odd";
        if (how === "odd") found.odd.add(board);
        if (how) found.faulty.add(board);
      } else if (due && round === ownRound(layout)) ballots?.same(board, told.payload);
    }
  };

  return {
    take(event) {
      if (event.e === "frame") {
        events.push(event);
        ports.take(event);
      }
    },
    close(cycle, known) {
      ballots?.open(cycle, forget);
      means.open();
      const heard = saidAtHub(cycle);
      const first = firstRound(layout, cycle);
      const shows = first === 1 ? ownRound(layout) : first;
      const inputs = numbers.map((board) => inputOf(known[board]!, heard[board]!, shows));
      standIns.forEach((standIn, board) => {
        proposed[board] = known[board]!.known || first === 1 ? undefined : inputs[board];
        standIn.reading = inputs[board];
      });
      const { said, opened } = rerun(cycle);
      const faulty = new Set(faultyIn(network, troubles, cycle));
      const odd = new Set<number>();
      for (const board of numbers) {
        const followed = opened[board]!.size >= roundsIn(network, cycle);
        const ended = standIns[board]!.state().cycle === cycle;
        if (!followed || !ended) faulty.add(board);
        if (means.unsigned(board)) faulty.add(board);
        compare(board, cycle, heard[board]!, said[board]!, inputs[board], { faulty, odd });
      }
      const states = standIns.map((standIn) => standIn.state());
      const outcomes = states.map(({ cycle: decided, vector, order }, board): Outcome =>
        ({ cycle: decided, rounds: opened[board]!.size, acts: undefined, vector, order }));
      const correct = (board: number) => !faulty.has(board) && states[board]!.cycle === cycle;
      const closed = ballots?.close({
        cycle, inputs, events, standIns, faulty, odd,
      });
      events = [];
      const law = { ...lawOf(network, roundsIn(network, cycle)), settled: ballots?.settled ?? [] };
      ports.close();
      const promised = closed?.promised ?? faulty.size <= network.shape.traitors;
      const healthy = watching?.take({
        cycle, inputs, faulty, asynchronous: !promised,
        vectors: network.members.map(({ number }) =>
          (correct(number) ? states[number]!.vector : undefined)),
        watched: states.map(watchedBy),
      }) ?? true;
      return {
        inputs, faulty, odd,
        vectors: states.map(({ vector }, board) => (correct(board) ? vector.map(show) : null)),
        orders: states.map(({ order }, board) => (correct(board) ? show(order) : null)),
        held: heldOf(network, states, correct, faulty),
        judged: judgeCycle({
          law, cycle, inputs, outcomes, faulty, ballot: closed, asynchronous: false,
          outside: !promised, also: healthy ? [] : ["health"],
        }),
        heard: heard.filter((words) => words.some(Boolean)).length, speakers: ports.speakers,
        ...(closed ? { decisions: closed.decisions } : {}),
      };
    },
  };
};
