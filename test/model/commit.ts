/**
 * Two-phase and three-phase commit in rounds, all that may come of them: board 0 coordinates, each
 * board is ready or not, some crash while they speak, so that some hear it and others do not, or
 * two groups do not hear each other from some round on. Nobody lies.
 */
export type Outcome = "commit" | "abort" | "blocked";

export interface CommitRules {
  readonly boards: number;
  /** Three phases; else two. */
  readonly three: boolean;
  /** 3PC: acknowledgements go to all, and who hears one counts as told; else to the coordinator. */
  readonly relayed: boolean;
  /** 2PC: who is ready and hears nothing aborts, in place of waiting. */
  readonly impatient: boolean;
}

/** What goes wrong. */
export interface Trouble {
  /** By board: in which round its power goes, and who hears it then; undefined: it stays. */
  readonly crashes: readonly ({ readonly round: number; readonly heard: number } | undefined)[];
  /** A group that hears none of the others, nor they it, from a round on. */
  readonly apart: { readonly group: number; readonly from: number } | undefined;
}

export interface Committed {
  /** What each board holds, those included whose power went after they had decided. */
  readonly held: readonly (Outcome | undefined)[];
}

/** @returns what comes of one transaction */
export const commit = (
  { boards, three, relayed, impatient }: CommitRules, ready: readonly boolean[], trouble: Trouble,
): Committed => {
  const all = [...Array(boards).keys()];
  const speaks = (board: number, round: number) => {
    const crash = trouble.crashes[board];
    return !crash || round <= crash.round;
  };
  const lives = (board: number, round: number) => {
    const crash = trouble.crashes[board];
    return !crash || round < crash.round;
  };
  const heard = (round: number, from: number, to: number): boolean => {
    if (from === to) return lives(from, round);
    if (!speaks(from, round) || !lives(to, round)) return false;
    const crash = trouble.crashes[from];
    if (crash?.round === round && !((crash.heard >> to) & 1)) return false;
    const { apart } = trouble;
    return !apart || round < apart.from ||
      ((apart.group >> from) & 1) === ((apart.group >> to) & 1);
  };
  const held: (Outcome | undefined)[] = all.map(() => undefined);
  // Round 1: votes, to all. The coordinator's outcome is kept before it is said.
  const every = all.every((board) => ready[board] && heard(1, board, 0));
  const decides = lives(0, 1);
  if (!three) {
    if (decides) held[0] = every ? "commit" : "abort";
    for (const board of all.slice(1)) {
      if (!lives(board, 1)) continue;
      if (!ready[board]) held[board] = "abort";
      else if (!lives(board, 2)) continue;
      else if (decides && heard(2, 0, board)) held[board] = every ? "commit" : "abort";
    }
    // It asks in each later round, and who knows tells.
    for (const board of all) {
      if (held[board] || !lives(board, 3)) continue;
      const told = all.find((other) => held[other] && heard(3, other, board));
      held[board] = told === undefined ? impatient ? "abort" : "blocked" : held[told];
    }
    return { held };
  }
  // Round 2: precommit, or abort; round 3: acknowledgements; round 4: commit.
  const told = all.map((board) => decides && every && heard(2, 0, board));
  const later = all.map((board) => all.some((other) =>
    told[other] && (other === board || (relayed && heard(3, other, board)))));
  for (const board of all) {
    if (board === 0 && decides && !every) held[0] = "abort";
    if (lives(board, 4)) held[board] = later[board] ? "commit" : "abort";
  }
  return { held };
};

const subsets = (count: number) => [...Array(1 << count).keys()];

/** @returns every way in which at most `most` boards crash; or two groups are parted */
export const troubles = (
  { boards, three }: CommitRules, most: number, parted: boolean,
): Trouble[] => {
  const rounds = three ? 4 : 3;
  let crashes: Trouble["crashes"][] = [[]];
  for (let board = 0; board < boards; board++) {
    const options = [undefined, ...Array.from({ length: rounds }, (_, at) =>
      subsets(boards).map((heard) => ({ round: at + 1, heard }))).flat()];
    crashes = crashes.flatMap((list) => options.map((one) => [...list, one]))
      .filter((list) => list.filter(Boolean).length <= most);
  }
  const splits = parted ? subsets(boards).flatMap((group) =>
    Array.from({ length: rounds }, (_, at) => ({ group, from: at + 1 }))) : [];
  return crashes.flatMap((list) =>
    [undefined, ...splits].map((apart) => ({ crashes: list, apart })));
};

/** In how many runs each law of atomic commitment breaks, or a board waits. */
export interface Laws {
  runs: number;
  /** AC1: two boards hold different outcomes. */
  split: number;
  /** AC2: one commits where not all were ready. */
  unready: number;
  /** AC3: nothing fails, all are ready, and one does not commit. */
  refused: number;
  /** AC5: one waits that has power. */
  blocked: number;
}

export const exploreCommit = (rules: CommitRules, most: number, parted = false): Laws => {
  const laws: Laws = { runs: 0, split: 0, unready: 0, refused: 0, blocked: 0 };
  for (const trouble of troubles(rules, most, parted)) {
    const calm = !trouble.apart && !trouble.crashes.some(Boolean);
    for (const set of subsets(rules.boards)) {
      const ready = [...Array(rules.boards).keys()].map((board) => ((set >> board) & 1) === 1);
      const { held } = commit(rules, ready, trouble);
      laws.runs++;
      if (held.includes("commit") && held.includes("abort")) laws.split++;
      if (held.includes("commit") && ready.includes(false)) laws.unready++;
      if (calm && !ready.includes(false) && held.some((one) => one !== "commit")) laws.refused++;
      if (held.includes("blocked")) laws.blocked++;
    }
  }
  return laws;
};
