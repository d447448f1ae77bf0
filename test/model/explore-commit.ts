/**
 * All states that the boards of Paxos Commit can reach in one transaction, whatever is lost, late
 * or down, as the lines of docs/commit.md read (PC.1 to PC.5): on plain objects, without a line in
 * common with the product.
 *
 * In each ballot a board takes part or not. If it does, it hears any of the others in round 1, and
 * names any board that it heard. In round 2 anybody may hear any of those that took part, learn an
 * outcome from that, or find that it leads the next ballot. Who has learnt goes on here as before:
 * that is more than boards do, which leave a transaction then, and takes away nothing.
 */
export interface PaxosCommitRules {
  readonly boards: number;
  /** Ballots after ballot 0, which is said again in each. */
  readonly ballots: number;
  /** PC.3: how many have to have accepted; PC.4: how many have to name a leader. */
  readonly decides: number;
  readonly leads: number;
  /** PC.2: who has named a board accepts no vote of ballot 0 any more. */
  readonly closes: boolean;
  /** PC.4: a leader proposes what was accepted last in a later ballot. */
  readonly bound: boolean;
  /** PC.4: else it commits where each was accepted as ready; neither less, nor never. */
  readonly settles: "each" | "never" | "unless refused";
}

export const paxosCommitRules = (
  boards: number, ballots: number, more: Partial<PaxosCommitRules> = {},
): PaxosCommitRules => ({
  boards, ballots, decides: (boards >> 1) + 1, leads: (boards >> 1) + 1, closes: true,
  bound: true, settles: "each", ...more,
});

interface Board {
  /** Whose votes of ballot 0 it accepted as ready, a bit set; and whether any as not. */
  readonly ready: number;
  readonly refused: boolean;
  /** Of which later ballot is what it accepted, and whether that is to commit. */
  readonly ballot: number;
  readonly commits: boolean;
  /** Whom it has named in this ballot, and in the one before; -1: nobody. */
  readonly names: number;
  readonly named: number;
  /** Whether it has named anybody ever. */
  readonly closed: boolean;
}

interface Leader {
  readonly board: number;
  readonly commits: boolean;
}

interface State {
  readonly boards: readonly Board[];
  /** Of the open ballot. */
  readonly leaders: readonly Leader[];
  /** What anybody may have learnt up to now: "c", "a", both or neither. */
  readonly learnt: string;
}

const NEW: Board = {
  ready: 0, refused: false, ballot: 0, commits: false, names: -1, named: -1, closed: false,
};

const has = (set: number, board: number): boolean => ((set >> board) & 1) === 1;
const subsets = (count: number): number[] => [...Array(1 << count).keys()];
const spelt = new WeakMap<Board, string>();
const spell = (one: Board): string => {
  let text = spelt.get(one);
  if (text === undefined) {
    text = [
      one.ready, one.refused ? "n" : "y", one.ballot, one.commits ? "c" : "a", one.names,
      one.named, one.closed ? "x" : "",
    ].join(".");
    spelt.set(one, text);
  }
  return text;
};
const leadersOf = ({ leaders }: State): string =>
  leaders.map(({ board, commits }) => `${board}${commits ? "c" : "a"}`).join();
const keyOf = (state: State): string =>
  `${state.learnt}|${leadersOf(state)}|${state.boards.map(spell).join()}`;

const unique = (states: Iterable<State>): State[] => {
  const found = new Map<string, State>();
  for (const state of states) found.set(keyOf(state), state);
  return [...found.values()];
};

/** What becomes of a board in round 1 of a ballot in which it hears `heard`, itself included. */
const hears = (
  rules: PaxosCommitRules, one: Board, heard: number, ready: number, ballot: number,
  leaders: readonly Leader[],
): Board[] => {
  const accepted: Board[] = [];
  if (!one.closed || !rules.closes) {
    if (!one.ballot) {
      accepted.push({ ...one, ready: one.ready | (heard & ready),
        refused: one.refused || (heard & ~ready) > 0 });
    }
  }
  for (const { board, commits } of leaders) {
    if (!has(heard, board) || one.named !== board) continue;
    accepted.push({ ...one, ready: 0, refused: false, ballot, commits });
  }
  if (!accepted.length) accepted.push(one);
  return accepted.flatMap((after) => [...Array(rules.boards).keys()]
    .filter((board) => has(heard, board))
    .map((board) => ({ ...after, names: board, closed: true })));
};

/** PC.3: whatever those that are heard say together. */
const learns = (rules: PaxosCommitRules, said: readonly Board[]): string => {
  const { boards, decides } = rules;
  const first = said.filter(({ ballot }) => !ballot);
  const all = [...Array(boards).keys()].every((board) =>
    first.filter(({ ready }) => has(ready, board)).length >= decides);
  let learnt = all ? "c" : "";
  if (first.filter(({ refused }) => refused).length >= decides) learnt += "a";
  for (const one of said.filter(({ ballot }) => ballot)) {
    const same = said.filter(({ ballot }) => ballot === one.ballot);
    if (same.length >= decides) learnt += one.commits ? "c" : "a";
  }
  return learnt;
};

/** PC.4: what a leader proposes that hears these name it. */
const proposes = (rules: PaxosCommitRules, said: readonly Board[]): boolean => {
  const [found] = said.filter(({ ballot }) => ballot)
    .toSorted((one, other) => other.ballot - one.ballot);
  if (found && rules.bound) return found.commits;
  if (rules.settles === "never") return false;
  if (rules.settles === "unless refused") return said.every(({ refused }) => !refused);
  return [...Array(rules.boards).keys()].every((board) =>
    said.some(({ ready }) => has(ready, board)));
};

/** Who may lead the next ballot, with what: nobody, or any board that enough have named. */
const elections = (rules: PaxosCommitRules, boards: readonly Board[]): Leader[][] => {
  let found: Leader[][] = [[]];
  for (let board = 0; board < rules.boards; board++) {
    const names = boards.filter((one) => one.names === board);
    const says = new Set(subsets(names.length)
      .map((set) => names.filter((_, at) => has(set, at)))
      .filter((said) => said.length >= rules.leads)
      .map((said) => proposes(rules, said)));
    found = found.flatMap((leaders) =>
      [leaders, ...[...says].map((commits) => [...leaders, { board, commits }])]);
  }
  return found;
};

export interface ExploredCommit {
  states: number;
  /** States in which two outcomes may have been learnt, by two boards or by one (AC1, AC4). */
  split: number;
  /** In which one committed, and not all are ready (AC2). */
  unready: number;
  /** In which something was learnt; and in which nothing can be, as yet. */
  decided: number;
  open: number;
}

/** Round 1 of one board: it is away, or hears some of the others. */
function* rounds(
  rules: PaxosCommitRules, states: readonly State[], board: number, ready: number, ballot: number,
): Generator<State> {
  const known = new Map<string, readonly Board[]>();
  for (const state of states) {
    const before = state.boards[board]!;
    const key = `${leadersOf(state)} ${spell(before)}`;
    let options = known.get(key);
    if (!options) {
      const one = { ...before, named: before.names, names: -1 };
      const all = [one, ...subsets(rules.boards).filter((heard) => has(heard, board))
        .flatMap((heard) => hears(rules, one, heard, ready, ballot, state.leaders))];
      options = [...new Map(all.map((after) => [spell(after), after])).values()];
      known.set(key, options);
    }
    for (const after of options) {
      yield { ...state, boards: state.boards.map((was, at) => (at === board ? after : was)) };
    }
  }
}

/** Round 2 of all. Who is named in vain need not be told from who is not named. */
function* ends(rules: PaxosCommitRules, states: readonly State[]): Generator<State> {
  const heard = new Map<string, string>();
  const named = new Map<string, Leader[][]>();
  for (const state of states) {
    const there = state.boards.filter(({ names }) => names >= 0);
    const key = there.map(spell).join();
    let said = heard.get(key);
    if (said === undefined) {
      heard.set(key, said = subsets(there.length)
        .map((set) => learns(rules, there.filter((_, at) => has(set, at)))).join(""));
    }
    const learnt = state.learnt + said;
    const known = ["a", "c"].filter((outcome) => learnt.includes(outcome)).join("");
    let may = named.get(key);
    if (!may) named.set(key, may = elections(rules, state.boards));
    for (const leaders of may) {
      const boards = state.boards.map((one) => ({
        ...one, named: -1, names: leaders.some(({ board }) => board === one.names) ? one.names : -1,
      }));
      yield { boards, leaders, learnt: known };
    }
  }
}

/** @param ready who is, as a bit set. It stops at the first ballot in which a law is broken. */
const exploreVotes = (rules: PaxosCommitRules, ready: number, found: ExploredCommit): void => {
  const { boards, ballots } = rules;
  let states: State[] = [{ boards: Array.from({ length: boards }, () => NEW), leaders: [],
    learnt: "" }];
  for (let ballot = 1; ballot <= ballots; ballot++) {
    for (let board = 0; board < boards; board++) {
      states = unique(rounds(rules, states, board, ready, ballot));
    }
    states = unique(ends(rules, states));
    found.states += states.length;
    for (const { learnt } of states) {
      if (learnt.length > 1) found.split++;
      if (learnt.includes("c") && ready !== (1 << boards) - 1) found.unready++;
      if (learnt) found.decided++;
      else found.open++;
    }
    if (found.split || found.unready) return;
  }
};

/** All states, whoever is ready, after each ballot. */
export const explorePaxosCommit = (rules: PaxosCommitRules): ExploredCommit => {
  const found: ExploredCommit = { states: 0, split: 0, unready: 0, decided: 0, open: 0 };
  // Boards are alike: the first so many are ready.
  for (let count = rules.boards; count >= 0; count--) {
    exploreVotes(rules, (1 << count) - 1, found);
    if (found.split || found.unready) return found;
  }
  return found;
};
