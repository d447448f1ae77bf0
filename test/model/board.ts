/**
 * One board that runs LBP or LFaB as the lines of docs/ballots.md read: on maps and strings, from
 * the bytes that it hears to the values that it says, and without a line in common with the
 * product. Values are written in hexadecimal; undefined is ⊥.
 */
import { listHeld } from "../core/brute.js";
import type { PaxosRecord } from "./rules.js";
import {
  FRESH, after2av, agreed, earlyRules, leaderSays, mustPropose, paxosRules,
} from "./rules.js";

export interface NaiveShape {
  readonly ballots: "paxos" | "fab";
  readonly boards: number;
  readonly traitors: number;
  readonly keep: number;
  readonly rotating: boolean;
  readonly early: boolean;
  readonly width: number;
  readonly reserve?: number;
}

/** What a board knows of its past when it starts. */
export interface Past {
  /** In no ballot below this one is it to be believed that it is new. */
  readonly reserved: number;
}

type Word = string | undefined;

/** What a record says, of whatever slot. */
interface Said {
  readonly proposal: Word;
  readonly slot: number;
  /** The claims of LOG.1, by slot. */
  readonly claims: ReadonlyMap<number, string>;
  readonly paxos: PaxosRecord;
  readonly accepted: string;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** Cuts a payload into values: presence bits, lowest first, and then a value for each. */
export const cut = (payload: Uint8Array, count: number): Word[] => {
  const bits = Math.ceil(count / 8);
  const width = (payload.length - bits) / count;
  return Array.from({ length: count }, (_, index) =>
    Math.floor(payload[Math.floor(index / 8)]! / 2 ** (index % 8)) % 2 === 1
      ? hex(payload.subarray(bits + index * width, bits + (index + 1) * width))
      : undefined);
};

/** The parts of a record, in the order that paxos-layout.ts gives. */
export const parse = (word: string, { ballots, keep, width }: NaiveShape): Said => {
  const bytes = Buffer.from(word, "hex");
  let at = 0;
  const take = (length: number) => hex(bytes.subarray(at, (at += length)));
  const number = () => {
    at += 4;
    return bytes.readUInt32LE(at - 4);
  };
  const state = bytes[at++]!;
  const proposal = take(width);
  const claims = new Map<number, string>();
  let slot = 0;
  if (keep === 0 && state > 1) claims.set(0, proposal);
  if (keep > 0) {
    slot = number();
    const kept = bytes[at++]!;
    const top = slot + kept % 2;
    const ring = Array.from({ length: keep }, () => take(width));
    // A claim of more slots than are kept can only be a liar's; it names the same again.
    for (let back = 1; back <= Math.floor(kept / 2) && back <= top; back++) {
      claims.set(top - back, ring[(top - back) % keep]!);
    }
  }
  let paxos = FRESH;
  let accepted = "";
  if (ballots === "fab") {
    const present = bytes[at++]! !== 0;
    const value = take(width);
    if (present) accepted = value;
  } else {
    const [mbal, mval] = [number() - 1, take(width)];
    const [avBal, avVal] = [number() - 1, take(width)];
    paxos = { mbal, mval, avBal, avVal, avPrev: number() - 1 };
  }
  return { proposal: state > 0 ? proposal : undefined, slot, claims, paxos, accepted };
};

/** It has never run. */
const NEVER: Past = { reserved: 0 };

export const createNaiveBoard = (
  shape: NaiveShape, self: number, rule: (proposals: readonly Word[]) => string,
  past: Past = NEVER,
) => {
  const { ballots, boards: n, traitors: f, keep, rotating, early, reserve = 32 } = shape;
  const rules = early ? earlyRules(n, f) : paxosRules(n, f);
  const quorum = ballots === "fab" ? n - f : rules.votes;
  const everyone = [...Array(n).keys()];
  const oral = { boards: n, traitors: f, commander: -1, width: 1 };

  let [paxos, accepted, slot] = [FRESH, "", 0];
  const claims = new Map<number, string>();
  let { reserved } = past;
  let [last, from] = reserved ? [reserved - 1, Infinity] : [-1, 0];
  let [acted, ballot] = [0, 0];
  let [live, forgot] = [false, false];
  let speaks = false;
  let held = new Map<string, Word>();
  /** What this board says in the rounds after OM's, and what was said to it. */
  let own: Word;
  let wanted: Word;
  let vector: (Said | undefined)[] = [];

  const recordNow = (): Said => {
    const decided = keep > 0 ? undefined : claims.get(0);
    return { proposal: decided ?? wanted, slot, claims: new Map(claims), paxos, accepted };
  };

  // OM.4
  const resolve = (path: readonly number[]): Word => {
    const mine = held.get(path.join(">"));
    if (path.length > f) return mine;
    const voters = everyone.filter((board) => !path.includes(board));
    const votes = voters.map((board) => board === self ? mine : resolve([...path, board]));
    return votes.find((vote) =>
      vote !== undefined && votes.filter((other) => other === vote).length > voters.length / 2);
  };

  const equalClaims = (records: readonly (Said | undefined)[], of: number, value: string) =>
    records.filter((said) => said?.claims.get(of) === value).length;

  // LOG.2
  const decide = (value: string) => {
    if (claims.has(slot)) return;
    // LOG.7
    if (keep > 0 && !forgot && slot - acted >= keep) return;
    if (keep > 0 && forgot) acted = slot;
    claims.set(slot, value);
    if (keep > 0) claims.delete(slot - keep);
    // A board's own record is what it holds now.
    const mine = vector[self];
    if (mine) vector[self] = { ...mine, claims: new Map(claims) };
  };
  const adopt = () => {
    for (const said of vector) {
      const value = said?.claims.get(slot);
      if (value !== undefined && equalClaims(vector, slot, value) > f) decide(value);
    }
  };

  // LOG.3, LOG.4, LOG.5
  const advance = () => {
    const slots = vector.filter((said) => said !== undefined).map((said) => said.slot)
      .toSorted((one, other) => other - one);
    const crowd = slots[f] ?? 0;
    // The least slot that N-F records have not passed.
    const bound = slots.toReversed()[n - f - 1];
    if (bound !== undefined && live) from = Math.min(from, bound + 2);
    for (;;) {
      // Not with what is adopted just now.
      const before = [...vector];
      adopt();
      const value = claims.get(slot);
      if (value === undefined) {
        if (crowd < slot + keep || acted < slot) break;
        slot = acted = crowd - keep + 1;
        claims.clear();
      } else {
        if (crowd <= slot && equalClaims(before, slot, value) <= 2 * f) break;
        slot++;
      }
      paxos = FRESH;
      accepted = "";
    }
    const mine = vector[self];
    if (mine) vector[self] = { ...mine, slot, paxos, accepted, claims };
    vector = vector.map((said) => {
      if (!said || said.slot > slot) return undefined;
      return said.slot < slot ? { ...said, paxos: FRESH, accepted: "" } : said;
    });
  };

  const proposal = (): string => rule(vector.map((said) => said?.proposal));

  // LBP.2, LFAB.2
  const leads = (): Word => {
    const said = vector.filter((one) => one !== undefined);
    if (ballots === "paxos") {
      return leaderSays(vector.map((one) => one?.paxos), rules, proposal);
    }
    if (said.length < n - f) return undefined;
    return mustPropose(said.map((one) => one.accepted), (count) => count - 2 * f) ?? proposal();
  };
  // A leader's message is followed if this board could have sent it.
  const mayFollow = (value: string): boolean => {
    const said = vector.filter((one) => one !== undefined);
    if (ballots === "paxos") {
      return leaderSays(said.map((one) => one.paxos), rules, () => value) === value;
    }
    const must = mustPropose(said.map((one) => one.accepted), (count) => count - 2 * f);
    return said.length >= n - f && (must ?? value) === value;
  };

  const heed = (value: Word) => {
    own = undefined;
    if (value === undefined || !speaks || !mayFollow(value)) return;
    if (ballots === "paxos") paxos = after2av(paxos, ballot, value, rules);
    else accepted = value;
    own = value;
  };

  // BALLOT.3: a word for another slot is none.
  const forThisSlot = (board: number, word: Word): Word => {
    if (word === undefined || board === self || keep === 0) return word;
    const named = Buffer.from(word, "hex").readUInt32LE(shape.width);
    return named === slot ? word.slice(0, 2 * shape.width) : undefined;
  };

  return {
    /** Before the first round; `value` is the proposal. */
    open(number: number, value: Word) {
      live = number > last;
      if (live) last = ballot = number;
      speaks = live && slot >= from;
      forgot = slot < from;
      if (speaks && number >= reserved) reserved = number + reserve;
      held = new Map();
      vector = [];
      own = undefined;
      wanted = value;
    },

    /** What this board says in `round`, for each path, or one value; as `close` will cut it. */
    says(round: number): Word[] {
      if (round > f + 1) return [own];
      if (round > 1) return listHeld(oral, self, round - 1).map((path) => held.get(path.join(">")));
      return [];
    },

    /** What it says in round 1, in parts. */
    record: (): Said | undefined => speaks ? recordNow() : undefined,
    /** What it remembers, and what it has decided. */
    memory: () => ({ paxos, accepted, slot, claims, acted }),
    /** The ballot is over: what is decided is carried out. */
    carryOut() {
      acted = keep > 0 ? slot + (claims.has(slot) ? 1 : 0) : claims.size;
    },
    /** What outlasts a loss of power. */
    past: (): Past => ({ reserved }),

    /** The end of `round`: by board, what was heard. */
    close(round: number, heard: ReadonlyMap<number, Uint8Array>) {
      if (round <= f + 1) {
        for (const [board, payload] of heard) {
          const paths = listHeld(oral, board, round - 1);
          const words = cut(payload, paths.length);
          for (const [index, path] of paths.entries()) {
            if (!path.includes(self)) held.set([...path, board].join(">"), words[index]);
          }
        }
        if (round <= f) return;
        vector = everyone.map((board) => {
          if (board === self) return speaks ? recordNow() : undefined;
          const word = resolve([board]);
          return word === undefined ? undefined : parse(word, shape);
        });
        if (keep > 0) advance();
        else adopt();
        if (!rotating) heed(leads());
        else own = ballot % n === self && speaks ? leads() : undefined;
        return;
      }
      const words = new Map<number, Word>([[self, own]]);
      for (const [board, payload] of heard) words.set(board, cut(payload, 1)[0]);
      const step = round - f - 1 - (rotating ? 1 : 0);
      if (step === 0) {
        const leader = ballot % n;
        heed(speaks ? forThisSlot(leader, words.get(leader)) : undefined);
        return;
      }
      const named = [...words].map(([board, word]) => forThisSlot(board, word));
      const value = agreed(named, quorum);
      // EARLY.1
      const all = step === 1 && early ? agreed(named, n) : undefined;
      if (all !== undefined) decide(all);
      if (ballots === "paxos" && step === 1) {
        own = value !== undefined && speaks ? value : undefined;
        if (own !== undefined) paxos = { ...paxos, mbal: ballot, mval: own };
      } else if (value !== undefined) decide(value);
    },
  };
};

export type NaiveBoard = ReturnType<typeof createNaiveBoard>;
