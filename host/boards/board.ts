import { createSigning } from "../../firmware/auth/lms/signing.js";
import { createMac } from "../../firmware/auth/mac/mac.js";
import {
  COUNTERS, FIRST_PLACE, createDetector, createHealth, createNode, majority, majorityOfBytes,
  median, midpoint, unanimous,
} from "../../firmware/index.js";
import type { Node, Parts } from "../../firmware/index.js";
import { carrierOf } from "../algorithms/registry.js";
import type { Value } from "../base/values.js";
import { FILES, madeUpKeys, ownKeys } from "../keys/keys.js";
import { macPartsOf, madeUpMacKeys } from "../keys/mac.js";
import { PROMISE_FILES } from "../keys/promises.js";
import type { Board, Network } from "../network/network.js";
import { silenceUs } from "../plan/silence.js";
import { scriptedChoice } from "../scripts/scripts.js";
import type { Answer } from "../topology/transport.js";
import { nativesOf } from "./natives.js";
import { createTrials } from "./tried.js";
import type { Tried } from "./tried.js";

/** A board in the emulator, whatever runs its firmware. */
export interface SimBoard {
  /** Bytes from the line. Answers go out by the function that the board was made with. */
  receive(chunk: Uint8Array): void;
  /**
   * Lets time go on, in microseconds since it was made; what comes then comes at that time.
   *
   * @returns when something of itself will happen next
   */
  tick(time: number): number;
  /** What its sensor shows from now on; undefined: nothing readable. */
  reading: Value | undefined;
  /** What it holds since its last decision; valid until its next. */
  state(): BoardState;
  /** Bytes of memory that it uses, as far as its engine can tell; else 0. */
  memory(): number;
  /**
   * Only of a board that runs elsewhere: what it was given is taken in, and what it answered has
   * gone out, when this is done. Until then its state is not known.
   */
  readonly settled?: () => Promise<void> | undefined;
  /** Power off and on: whatever it held is gone, but for what it stored. */
  restart(): Promise<void> | undefined;
  close(): void;
}

export interface BoardState {
  /** The cycle that was decided last, -1 for none. */
  readonly cycle: number;
  readonly vector: readonly (Value | undefined)[];
  readonly order: Value;
  /** By ballots, what was newly decided in that cycle, in the order of the slots; else nothing. */
  readonly decisions: readonly Decision[];
  /** How many orders of cycles it has carried out since power was on. */
  readonly acts: number;
  /** What it carried out last, the default order in a silence included; undefined: nothing yet. */
  readonly output: Value | undefined;
  /** How often it carried out the default order because no cycle was closed. */
  readonly silences: number;
  /** By name, as in `COUNTERS`. */
  readonly counts: Readonly<Record<string, number>>;
  /** Of signed messages: see `firmware/auth/lms/store.ts`, and for how many cycles it can sign. */
  readonly signer?: SignerState | undefined;
  /** Where boards are suspected: whom it suspects, 1 each, and who leads in its opinion. */
  readonly suspects?: ArrayLike<number> | undefined;
  readonly leader?: number | undefined;
  /** Of a commit in phases: 1 where it has voted and knows no outcome. */
  readonly blocked?: number | undefined;
  /** Where health is watched: what each board is, and what was wrong with its last entry. */
  readonly health?: ArrayLike<number> | undefined;
  readonly signs?: ArrayLike<number> | undefined;
  /** How often it was told that a state is another. */
  readonly alarms?: number;
  /** Where boards act tentatively: how often it did so or took it back, and the last of these. */
  readonly trials?: number;
  readonly tried?: readonly Tried[];
}

export interface SignerState {
  readonly state: number;
  readonly left: number;
}

/** A decision that a board has carried out. */
export interface Decision {
  readonly slot: number;
  readonly value: Value;
}

/** Those that come with Tagma; */
export const OWN_ENGINES = ["native", "bundle", "quickjs"] as const;
/** and one that must be there. */
export const ENGINES = [...OWN_ENGINES, "espruino"] as const;
export type Engine = (typeof ENGINES)[number];

const NO_COUNTS: Readonly<Record<string, number>> =
  Object.fromEntries(COUNTERS.map((name) => [name, 0]));

export const namedCounts = (counts: ArrayLike<number>): Record<string, number> => {
  const named: Record<string, number> = { ...NO_COUNTS };
  for (let at = 0; at < COUNTERS.length; at++) named[COUNTERS[at]!] = counts[at] ?? 0;
  return named;
};

/** The firmware's type of the network's values. */
const typeOf = ({ type, boards }: Network) =>
  type.create(boards.length + Number(boards[0]!.layout.tentative));

/** Rows of bytes are lent. */
const valueCopy = (value: Value): Value =>
  (value instanceof Uint8Array ? value.slice() : value);

/** The choice that the network file names, as the firmware has it. */
export const chooseOf = (network: Network): Parts<Value>["choose"] => {
  const { file: { decision }, type, shape } = network;
  if (typeof decision === "object") return scriptedChoice(network, decision.script);
  if (decision === "median") return median as unknown as Parts<Value>["choose"];
  if (decision === "midpoint") {
    return midpoint(shape.traitors, type.whole) as unknown as Parts<Value>["choose"];
  }
  if (decision === "unanimous") return unanimous as unknown as Parts<Value>["choose"];
  return (type.name === "bytes" ? majorityOfBytes : majority) as unknown as Parts<Value>["choose"];
};

/** Keys for signing that are no secret, and a store that outlasts a restart. */
const signerOf = (network: Network, board: Board) => {
  const { signing, number } = board;
  if (!signing) return {};
  const { keys, seed, crown } = ownKeys(madeUpKeys(network.signing!), number);
  const { read, write } = nativesOf(network, board);
  const { hashBytes } = signing;
  return {
    signer: (buffer: ArrayBuffer, counts: Uint32Array) => createSigning(signing, buffer, counts, {
      network: network.signing!.network, keys: keys.flatMap((key) => [...key]), seed,
      crown: (node) => crown.subarray(node * hashBytes, (node + 1) * hashBytes),
      slots: {
        read: (slot) => read(FILES[slot]!),
        write(slot, bytes) {
          write(FILES[slot]!, bytes);
        },
      },
    }),
  };
};

/** Keys for tags that are no secret. */
const macOf = (network: Network, { layout, number }: Board): Pick<Parts<Value>, "mac"> => {
  if (!layout.tag) return {};
  const parts = macPartsOf(network, madeUpMacKeys(layout.boards)[number]!);
  return { mac: (arena, view, counts) => createMac(layout, arena, view, counts, parts) };
};

/** Files that outlast a restart, for what is promised in ballots. */
const placesOf = (network: Network, board: Board): Pick<Parts<Value>, "places"> => {
  if (!board.layout.ballots) return {};
  const { read, write } = nativesOf(network, board);
  const fileOf = (place: number) => PROMISE_FILES[place - FIRST_PLACE]!;
  return {
    places: {
      read: (place) => read(fileOf(place)),
      write(place, bytes) {
        write(fileOf(place), bytes);
      },
    },
  };
};

/** What a board signs, tags and stores with, and what chooses in its network's decision's place. */
export type Means =
  Pick<Parts<Value>, "signer" | "mac" | "places"> & Partial<Pick<Parts<Value>, "choose">>;

/** What boards of emulations have: made-up keys, and files that outlast a restart. */
const meansOf = (network: Network, board: Board): Means =>
  ({ ...signerOf(network, board), ...macOf(network, board), ...placesOf(network, board) });

/** What a board in this process has; another node after each restart. */
interface Held {
  node: Node<Value>;
  acts: number;
  decisions: Decision[];
  output: Value | undefined;
  silences: number;
  alarms: number;
  readonly trials: ReturnType<typeof createTrials>;
}

/** That, shown. A class, for V8 is slow at reading an object that was written with getters. */
class NativeState implements BoardState {
  readonly #held: Held;
  constructor(held: Held) {
    this.#held = held;
  }
  get cycle() {
    return this.#held.node.cycle;
  }
  get vector() {
    return this.#held.node.vector;
  }
  get order() {
    return this.#held.node.order;
  }
  get decisions() {
    return this.#held.decisions;
  }
  get acts() {
    return this.#held.acts;
  }
  get output() {
    return this.#held.output;
  }
  get silences() {
    return this.#held.silences;
  }
  get counts() {
    return namedCounts(this.#held.node.counts);
  }
  get signer() {
    const { signer } = this.#held.node;
    return signer && { state: signer.state(), left: signer.left() };
  }
  get suspects() {
    return this.#held.node.suspects;
  }
  get leader() {
    return this.#held.node.leader;
  }
  get blocked() {
    return this.#held.node.blocked;
  }
  get health() {
    return this.#held.node.health;
  }
  get signs() {
    return this.#held.node.signs;
  }
  get alarms() {
    return this.#held.alarms;
  }
  get trials() {
    return this.#held.trials.count();
  }
  get tried() {
    return this.#held.trials.last();
  }
}

/** The firmware's own modules, in this process. */
export const nativeBoard = (
  network: Network, board: Board, send: Answer, means = meansOf(network, board),
): SimBoard => {
  const { layout, number } = board;
  const { ballots } = network;
  const agree = carrierOf(network, layout).agree(layout);
  const make = (): Node<Value> =>
    createNode<Value>(
      layout,
      {
        agree, ...(ballots && { protocol: ballots.create }), type: typeOf(network),
        choose: chooseOf(network), fallback: network.fallback, ...means,
        health: (vector) => createHealth(layout, vector),
        detector: () => createDetector(layout),
        alarm() {
          held.alarms++;
        },
      },
      {
        send(bytes, from, end) {
          send(number, bytes, from, end);
        },
        read: () => self.reading,
        retract(order, slot, before) {
          held.output = before;
          trials.note({ slot, value: valueCopy(order), back: true });
        },
        act(order, slot, tentative) {
          held.output = order;
          if (tentative) {
            trials.note({ slot: slot!, value: valueCopy(order), back: false });
            return;
          }
          held.acts++;
          // A cycle that comes again and decides nothing more has the number of the last one.
          if (slot === undefined || decidedIn !== held.node.cycle) held.decisions = [];
          decidedIn = held.node.cycle;
          if (slot !== undefined) held.decisions.push({ slot, value: valueCopy(order) });
        },
      },
    );
  let decidedIn = -1;
  const trials = createTrials();
  const held = {
    acts: 0, decisions: [], output: undefined, silences: 0, alarms: 0, trials,
  } as Omit<Held, "node"> as Held;
  held.node = make();
  // What `firmware/main.ts` does with a timer.
  const silence = silenceUs(network) || Infinity;
  let [now, due] = [0, silence];
  const state = new NativeState(held);
  const self: SimBoard = {
    reading: undefined,
    receive(chunk) {
      const { node } = held;
      const { cycle } = node;
      node.receive(chunk);
      if (node.cycle !== cycle) due = now + silence;
    },
    tick(time) {
      for (; due <= time; due += silence) {
        held.silences++;
        held.output = network.fallback;
        // By ballots, what was decided is carried out again.
        if (!layout.ballots) held.node.order = held.output;
      }
      now = time;
      return due;
    },
    state: () => state,
    memory: () => layout.memory + layout.routeAt.at(-1)! * layout.routeBytes,
    restart() {
      held.decisions = [];
      decidedIn = -1;
      held.acts = held.silences = held.alarms = 0;
      trials.forget();
      held.output = undefined;
      due = now + silence;
      held.node = make();
      return undefined;
    },
    close: () => undefined,
  };
  return self;
};
