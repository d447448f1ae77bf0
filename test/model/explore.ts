/**
 * All states that LBP can reach, whatever is lost and whatever the liars say.
 *
 * By the lemma "truth or nothing" a board's vector holds of each correct board its record or ⊥, and
 * of the liars anything. What a vector shows to be safe stays so with more records in it, and one
 * record of a liar can serve every count at once: mbal = -1, and avVal = v in the last ballot. So
 * the values that *some* vector shows are those that all correct records and F such liars show, and
 * every board may find any of them, or none. That is more than the rule of choice allows; no
 * behaviour is left out. Likewise any board may hear a quorum of 2av, or of 2b, of which F are
 * missing among the correct ones. Boards are alike, and so are values: a state is a sorted list.
 */
import { FRESH, after2av, leaderSays, shown, unbound } from "./rules.js";
import type { PaxosRecord, Rules } from "./rules.js";

export const VALUES = ["0", "1"] as const;

export interface State {
  /** Of the correct boards. */
  readonly records: readonly PaxosRecord[];
  /** For what 2F+1 boards may have sent 2b in one ballot: it may have been decided. */
  readonly chosen: string | undefined;
}

const digit = (ballot: number): string => String.fromCharCode(98 + ballot);

const swap = (value: string | undefined): string | undefined =>
  value === undefined ? undefined : value === "0" ? "1" : "0";

const write = ({ mbal, mval, avBal, avVal, avPrev }: PaxosRecord, turned: boolean): string => {
  const show = (value: string | undefined) => (turned ? swap(value) : value) ?? "-";
  return digit(mbal) + show(mval) + digit(avBal) + show(avVal) + digit(avPrev);
};

/** The same for all states that differ in the order of boards or the names of values only. */
const keyOf = ({ records, chosen }: State): string => {
  const keys = [false, true].map((turned) =>
    `${(turned ? swap(chosen) : chosen) ?? "-"}${
      records.map((record) => write(record, turned)).toSorted().join("")}`);
  return keys[0]! < keys[1]! ? keys[0]! : keys[1]!;
};

/** Every part of a list. */
const partsOf = <Item>(items: readonly Item[]): Item[][] =>
  Array.from({ length: 2 ** items.length }, (_, part) =>
    items.filter((__, at) => Math.floor(part / 2 ** at) % 2));

/**
 * EARLY.2: whether `value` is that of the highest safe vote in some vector. More records may show
 * a higher vote, so all parts of them are tried. What helps `value` most is a liar whose 2av is for
 * it at some ballot, and whose 2b is too, at that ballot, or at one so late that it helps no other.
 */
const isHighest = (
  records: readonly PaxosRecord[], ballot: number, value: string, rules: Rules,
): boolean => partsOf(records).some((part) => {
  for (let at = -1; at < ballot; at++) {
    for (let lies = 0; lies <= rules.traitors; lies++) {
      for (let high = 0; high <= lies; high++) {
        const vector = [...part, ...Array.from({ length: lies }, (_, index): PaxosRecord => ({
          mbal: index < high ? ballot : at, mval: value, avBal: at, avVal: value, avPrev: -1,
        }))];
        if (leaderSays(vector, rules, () => value) === value) return true;
      }
    }
  }
  return false;
});

/** LBP.2: every value that some vector may show to be safe in `ballot`. */
export const allowed = (
  records: readonly PaxosRecord[], ballot: number, rules: Rules,
): string[] => {
  if (rules.early?.relayed) {
    return VALUES.filter((value) => isHighest(records, ballot, value, rules));
  }
  if (unbound(records, rules, rules.traitors)) return [...VALUES];
  const ballots = [...Array(ballot).keys()];
  return VALUES.filter((value) =>
    ballots.some((at) => shown(records, at, value, rules, rules.traitors)));
};

/** Every way in which each of `items` may become one of `options` of it, but for their order. */
const combine = <Item>(
  items: readonly Item[], options: (item: Item) => readonly Item[], write1: (item: Item) => string,
): Item[][] => {
  let lists = new Map<string, Item[]>([["", []]]);
  for (const item of items) {
    const longer = new Map<string, Item[]>();
    for (const list of lists.values()) {
      for (const option of options(item)) {
        const next = [...list, option];
        longer.set(next.map(write1).toSorted().join(), next);
      }
    }
    lists = longer;
  }
  return [...lists.values()];
};

/** All states after `ballot`, and those values that could then be decided in it. */
const successors = (
  { records }: State, ballot: number, rules: Rules,
): { records: PaxosRecord[]; decided: string[] }[] => {
  const { traitors, relays, votes } = rules;
  const write1 = (record: PaxosRecord) => write(record, false);
  const safe = allowed(records, ballot, rules);
  const relayed = combine(
    records, (record) => [record, ...safe.map((value) => after2av(record, ballot, value, rules))],
    write1,
  );
  return relayed.flatMap((sent) => {
    const heard = VALUES.filter((value) =>
      sent.filter(({ avBal, avVal }) => avBal === ballot && avVal === value).length + traitors >=
        relays);
    const relays2 = (value: string) =>
      sent.filter(({ avBal, avVal }) => avBal === ballot && avVal === value).length;
    const early = VALUES.filter((value) =>
      rules.early !== undefined && relays2(value) + traitors >= rules.early.relays);
    const voted = combine(
      sent,
      (record) => [record, ...heard.map((value) => ({ ...record, mbal: ballot, mval: value }))],
      write1,
    );
    return voted.map((next) => ({
      records: next,
      decided: VALUES.filter((value) => early.includes(value) ||
        next.filter(({ mbal, mval }) => mbal === ballot && mval === value).length + traitors >=
          votes),
    }));
  });
};

/** All records that a liar can show in `ballot`. */
const lies = (ballot: number): PaxosRecord[] => {
  // One more than there have been, for numbers that cannot be.
  const ballots = Array.from({ length: ballot + 2 }, (_, index) => index - 1);
  const votes = ballots.flatMap((mbal): Pick<PaxosRecord, "mbal" | "mval">[] =>
    mbal < 0 ? [{ mbal }] : VALUES.map((mval) => ({ mbal, mval })));
  return votes.flatMap((vote) => ballots.flatMap((avBal) =>
    VALUES.flatMap((avVal) => ballots.map((avPrev) => ({ ...vote, avBal, avVal, avPrev })))));
};

export interface Found {
  /** How many states, by the number of ballots behind them. */
  readonly states: number[];
  /** Ballots after which two values may have been decided. */
  disagreed: number;
  /** States in which some vector of all correct records and one lie leads to no decision. */
  stuck: number;
}

/**
 * @param ballots how many ballots follow one another
 * @param limit stops after the ballot in which more states than this were reached
 * @param patient whether it goes on after it has found what is wrong
 */
export const explore = (
  rules: Rules, ballots: number, limit: number, patient = true,
): Found => {
  const correct = rules.boards - rules.traitors;
  const start: State = { records: Array<PaxosRecord>(correct).fill(FRESH), chosen: undefined };
  const found: Found = { states: [1], disagreed: 0, stuck: 0 };
  let states = new Map([[keyOf(start), start]]);
  for (let ballot = 0; ballot < ballots && states.size <= limit; ballot++) {
    const next = new Map<string, State>();
    const liars = lies(ballot);
    for (const state of states.values()) {
      if (!patient && found.disagreed + found.stuck > 0) return found;
      // One synchronous ballot: all have this vector, and all send 2av, or nobody does.
      for (const lie of liars) {
        for (let told = rules.early ? 0 : rules.traitors; told <= rules.traitors; told++) {
          const vector = [...state.records, ...Array<PaxosRecord>(told).fill(lie)];
          if (leaderSays(vector, rules, () => VALUES[0]) === undefined) found.stuck++;
        }
      }
      for (const { records, decided } of successors(state, ballot, rules)) {
        const chosen = state.chosen ?? decided[0];
        if (decided.some((value) => value !== chosen)) found.disagreed++;
        else {
          const after = { records, chosen };
          next.set(keyOf(after), after);
        }
      }
    }
    states = next;
    found.states.push(states.size);
  }
  return found;
};
