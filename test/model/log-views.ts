/**
 * What a board of a log may make of the records it sees: LOG.2 to LOG.5 as they read, then LBP.2
 * or LFAB.2. Each board has a vector of its own, in which any record may be missing, and in which a
 * liar is at any slot and claims anything. LOG.7 only forbids (to decide, to skip), so it is left
 * out: no behaviour is missing. Beyond the last slot nothing is voted for.
 */
import { paxosOf } from "./explore-lives.js";
import type { LifeRules } from "./explore-lives.js";
import { VALUES, allowed } from "./explore.js";
import { EMPTY, writeMemory } from "./moves.js";
import type { Memory } from "./moves.js";
import { mustPropose } from "./rules.js";

export interface LogRules extends LifeRules {
  /** How many slots are voted for. */
  readonly slots: number;
  /** K of LOG.1. */
  readonly keep: number;
  /** BALLOT.3, LOG.3: votes name their slot, and a record counts in its own slot only. */
  readonly named: boolean;
  /** How many claims are enough to adopt (LOG.2), and to leave a slot (LOG.3). */
  readonly adopts: number;
  readonly leaves: number;
  /** LOG.5: how many slots beyond x who forgot speaks again. */
  readonly beyond: number;
}

/** Where a board is, and what it claims of each slot: a value, or NONE. */
export interface Place {
  readonly slot: number;
  readonly claims: string;
}

/** A record, and what a board has in its memory. */
export type Entry = Memory & Place;

/** What a board is after a vector. */
export interface View extends Place {
  /** LOG.5: the first slot in which it promises anything. */
  readonly from: number;
  /** The values that it may follow there. */
  readonly values: string;
}

export const NONE = "-";

/** Not a digit, which a value would be. */
export const letter = (number: number): string => String.fromCharCode(97 + number);

/** LOG.1: the claims of a board that has decided `value` in `slot`. */
export const claim = (claims: string, slot: number, value: string, keep: number): string => {
  const list = claims.split("");
  list[slot] = value;
  if (slot >= keep) list[slot - keep] = NONE;
  return list.join("");
};

/**
 * LOG.2, LOG.3, LOG.4.
 *
 * @param seen the other records of the vector
 * @param speaks whether its own is one
 */
const advance = (
  { traitors, slots: last, keep, adopts, leaves }: LogRules, mine: Place, seen: readonly Place[],
  speaks: boolean,
): Place[] => {
  const crowd = (speaks ? [...seen, mine] : seen).map(({ slot }) => slot)
    .toSorted((one, other) => other - one)[traitors] ?? 0;
  const count = (slot: number, value: string) =>
    seen.filter(({ claims }) => claims[slot] === value).length;
  const on = (slot: number, claims: string, before: string): Place[] => {
    if (slot >= last) return [{ slot, claims }];
    const held = claims[slot]!;
    if (held !== NONE) {
      // Not with what is adopted just now.
      const claimed = count(slot, held) + (speaks && before[slot] === held ? 1 : 0);
      return crowd > slot || claimed >= leaves
        ? on(slot + 1, claims, before) : [{ slot, claims }];
    }
    const given = VALUES.filter((value) => count(slot, value) >= adopts);
    if (given.length) {
      return given.flatMap((value) => on(slot, claim(claims, slot, value, keep), before));
    }
    return crowd < slot + keep ? [{ slot, claims }]
      : on(Math.min(crowd - keep + 1, last), NONE.repeat(last), before);
  };
  return on(mine.slot, mine.claims, mine.claims);
};

/** LOG.5: from which slot on a board speaks that did not before `from`. */
const speaksFrom = (
  { boards, traitors, beyond }: LogRules, from: number, seen: readonly Place[],
): number => {
  const bound = seen.map(({ slot }) => slot).toSorted((one, other) => one - other)[
    boards - traitors - 1];
  return bound === undefined ? from : Math.min(from, bound + beyond);
};

export const spellEntry = (entry: Entry | undefined): string =>
  (entry ? writeMemory(entry) + letter(entry.slot) + entry.claims : "~");

/** Every part of a list, once where records are the same. */
const partsOf = (entries: readonly Entry[]): Entry[][] => {
  const parts = new Map<string, Entry[]>([["", []]]);
  for (const entry of entries) {
    const before = [...parts.entries()];
    for (const [text, part] of before) parts.set(text + spellEntry(entry), [...part, entry]);
  }
  return [...parts.values()];
};

/** What a liar may say of where it is; or nothing. */
const liesOf = ({ slots }: LogRules): (Place | undefined)[] => {
  let claims = [""];
  for (let slot = 0; slot < slots; slot++) {
    claims = claims.flatMap((text) => [NONE, ...VALUES].map((value) => text + value));
  }
  // Nobody is beyond the last slot, so to name one there is to name that.
  return [undefined, ...Array.from({ length: slots + 1 }, (_, slot) => slot)
    .flatMap((slot) => claims.map((text) => ({ slot, claims: text })))];
};

const keep = <Value>(known: Map<string, Value>, key: string, make: () => Value): Value => {
  let value = known.get(key);
  if (value === undefined) known.set(key, value = make());
  return value;
};

/** LBP.2, LFAB.2: the values that a vector shows, to which a liar may add a record that helps. */
const createValues = (rules: LogRules) => {
  const { boards, traitors, fast } = rules;
  const paxos = paxosOf(rules);
  const known = new Map<string, string>();
  const followed = (records: readonly Memory[], ballot: number, lying: boolean): string => {
    if (!fast) {
      return allowed(records, ballot, { ...paxos, traitors: lying ? traitors : 0 }).join("");
    }
    const said = records.map(({ accepted }) => accepted);
    const vectors = lying ? ["", ...VALUES].map((lie) => [...said, lie]) : [said];
    const found = vectors.filter(({ length }) => length >= boards - traitors).flatMap((vector) => {
      const must = mustPropose(vector, (count) => count - 2 * traitors);
      return must === undefined ? VALUES : [must];
    });
    return VALUES.filter((value) => found.includes(value)).join("");
  };
  return (records: readonly Memory[], ballot: number, lying: boolean): string => keep(
    known, `${letter(ballot)}${lying}${records.map(writeMemory).toSorted().join("")}`,
    () => followed(records, ballot, lying));
};

/** Who looks at a vector: what it is now, and whether its own record is in it. */
interface Viewer {
  readonly live: Entry;
  readonly from: number;
  readonly speaks: boolean;
}

/** @returns all that may come of a vector of records out of `told`, and what a liar says */
export const createViews = (rules: LogRules) => {
  const lies = liesOf(rules);
  const valuesOf = createValues(rules);
  const places = new Map<string, Place[]>();
  /** LOG.3: what a record is in `slot`; undefined for ⊥. */
  const counted = (record: Entry, slot: number): Memory | undefined =>
    (record.slot === slot || !rules.named ? record : record.slot < slot ? EMPTY : undefined);
  const followed = (
    { live }: Viewer, heard: readonly Entry[], lie: Place | undefined, slot: number, ballot: number,
  ): string => {
    const records = [live.slot < slot ? EMPTY : live, ...heard.map((entry) => counted(entry, slot)),
      ...(lie && rules.named && lie.slot < slot ? [EMPTY] : [])];
    return valuesOf(records.filter((record) => record !== undefined), ballot,
      lie !== undefined && (lie.slot === slot || !rules.named));
  };
  const viewsOf = (viewer: Viewer, told: readonly Entry[], ballot: number): View[] => {
    const { live, from, speaks } = viewer;
    const views = new Map<string, View>();
    for (const heard of partsOf(told)) {
      for (const lie of lies) {
        const seen: Place[] = lie ? [...heard, lie] : heard;
        const key = String(speaks) + [live, ...seen]
          .map(({ slot, claims }) => letter(slot) + claims).join("");
        const first = speaksFrom(rules, from, seen);
        const after = keep(places, key, () => advance(rules, live, seen, speaks));
        for (const { slot, claims } of after) {
          const values = speaks && slot < rules.slots
            ? followed(viewer, heard, lie, slot, ballot) : "";
          views.set(letter(slot) + claims + letter(first) + values,
            { slot, claims, from: first, values });
        }
      }
    }
    return [...views.values()];
  };
  const known = new Map<string, View[]>();
  return (viewer: Viewer, told: readonly Entry[], ballot: number): View[] => {
    const { live, from, speaks } = viewer;
    const sorted = told.toSorted((one, other) => (spellEntry(one) < spellEntry(other) ? -1 : 1));
    const key = [letter(ballot) + letter(from) + String(speaks), ...[live, ...sorted]
      .map(spellEntry)].join();
    return keep(known, key, () => viewsOf(viewer, sorted, ballot));
  };
};
