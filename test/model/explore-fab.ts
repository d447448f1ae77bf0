/**
 * All states that LFaB can reach, for ever: there are so few that no more come. As in explore.ts, a
 * vector holds a correct board's record or ⊥, its own for certain, and of the liars anything. A
 * state is how many correct boards have accepted nothing, "0" and "1".
 */
import { mustPropose } from "./rules.js";

export interface FabRules {
  readonly boards: number;
  readonly traitors: number;
  /** How many records there must be (LFAB.2). */
  readonly records: number;
  /** In how many of so many records a value must be proposed (LFAB.2). */
  readonly enough: (count: number) => number;
  /** How many equal accepted(b, v) are a quorum (LFAB.3). */
  readonly votes: number;
}

/** @param boards N = 5F+1, or more */
export const fabRules = (boards: number, traitors: number): FabRules => ({
  boards, traitors, records: boards - traitors, votes: boards - traitors,
  enough: (count) => count - 2 * traitors,
});

const NAMES = ["", "0", "1"] as const;
type Counts = readonly number[];

const sum = (counts: Counts): number => counts.reduce((total, count) => total + count, 0);

/** Every way to take some of each. */
const parts = (counts: Counts): Counts[] => {
  let lists: number[][] = [[]];
  for (const count of counts) {
    lists = lists.flatMap((list) =>
      Array.from({ length: count + 1 }, (_, taken) => [...list, taken]));
  }
  return lists;
};

/** LFAB.2: the values that a board which has accepted NAMES[own] may find it must or may accept. */
const allowed = (correct: Counts, own: number, rules: FabRules): string[] => {
  const found = new Set<string>();
  const lies = parts(NAMES.map(() => rules.traitors));
  for (const heard of parts(correct).filter((part) => part[own]! > 0)) {
    for (const lie of lies.filter((part) => sum(part) <= rules.traitors)) {
      const records = NAMES.flatMap((name, index) =>
        Array<string>(heard[index]! + lie[index]!).fill(name));
      if (records.length < rules.records) continue;
      const must = mustPropose(records, rules.enough);
      // In the vector's order another value may come first, where more than one has enough.
      const other = mustPropose(records.toReversed(), rules.enough);
      for (const value of must === undefined ? ["0", "1"] : [must, other!]) found.add(value);
    }
  }
  return [...found];
};

/** @returns how many states there are, and in how many two values may have been decided */
export const exploreFab = (rules: FabRules): { states: number; disagreed: number } => {
  const { boards, traitors, votes } = rules;
  const seen = new Set<string>();
  const queue: { counts: Counts; chosen: string }[] = [
    { counts: [boards - traitors, 0, 0], chosen: "" },
  ];
  let disagreed = 0;
  for (let state = queue.pop(); state; state = queue.pop()) {
    const { counts, chosen } = state;
    const key = counts.join() + chosen;
    if (seen.has(key)) continue;
    seen.add(key);
    const options = NAMES.map((_, own) =>
      counts[own]! > 0 ? allowed(counts, own, rules) : []);
    // By what was accepted before: how many accept "0" and how many "1" now.
    let moves: { after: Counts; now: Counts }[] = [{ after: counts, now: [0, 0, 0] }];
    options.forEach((values, own) => {
      moves = moves.flatMap(({ after, now }) =>
        parts([0, values.includes("0") ? counts[own]! : 0, values.includes("1") ? counts[own]! : 0])
          .filter((taken) => sum(taken) <= counts[own]!)
          .map((taken) => ({
            after: after.map((count, name) =>
              count + taken[name]! - (name === own ? sum(taken) : 0)),
            now: now.map((count, name) => count + taken[name]!),
          })));
    });
    for (const { after, now } of moves) {
      const decided = NAMES.filter((name, index) => name && now[index]! + traitors >= votes);
      const next = chosen || (decided[0] ?? "");
      if (decided.some((value) => value !== next)) disagreed++;
      else queue.push({ counts: after, chosen: next });
    }
  }
  return { states: seen.size, disagreed };
};
