/**
 * All states that boards of Paxos can reach in views with a log, whatever is lost, late or down, as
 * the lines of docs/leaders.md read (PAX.1 to PAX.5, VIEW.1, VIEW.2, LOG.2, LOG.3): on plain
 * objects, step by step, without a line in common with the product.
 *
 * A step is a leader that some majority names, a value that it proposes, a board that accepts it,
 * or learns a decision by votes or by somebody's claim, or leaves a decided slot; or another view.
 * Any step may be left out, which is what loss, lateness and a crash look like to the others.
 * Values are alike: of two states that differ in their names one is looked at.
 */
export interface PaxosRules {
  readonly boards: number;
  readonly slots: number;
  readonly views: number;
  /** How many have to name a leader, and how many votes decide. */
  readonly leads: number;
  readonly decides: number;
  /** PAX.2: a board names one leader in a view. */
  readonly single: boolean;
  /** PAX.4: a leader proposes what was accepted; of that the latest; and nothing else in a view. */
  readonly bound: boolean;
  readonly latest: boolean;
  readonly fixed: boolean;
  /** PAX.3: records of later slots do not count. */
  readonly aligned: boolean;
  /** VIEW.2: who has accepted a value in a view says no other one in it. */
  readonly once: boolean;
  /** VIEW.5: a proposal is for a slot, and so is a vote. */
  readonly named: boolean;
}

export const paxosRules = (boards: number, more: Partial<PaxosRules> = {}): PaxosRules => ({
  boards, slots: 2, views: 3, leads: (boards >> 1) + 1, decides: (boards >> 1) + 1, single: true,
  bound: true, latest: true, fixed: true, aligned: true, once: true, named: true, ...more,
});

interface Board {
  readonly slot: number;
  readonly view: number;
  readonly value: string;
  /** By slot: what it knows to be decided, or "-". */
  readonly known: string;
}

interface Leader {
  readonly board: number;
  /** For which slot it has named which value; "": any will do. */
  readonly slot: number;
  readonly value: string;
}

interface State {
  readonly view: number;
  readonly boards: readonly Board[];
  readonly leaders: readonly Leader[];
  /** Bit set of those that have named somebody in this view. */
  readonly spent: number;
  /** What enough boards voted for together in this view: slot and value. */
  readonly chosen: readonly string[];
}

const NONE = "-";

const spell = ({ view, boards, leaders, spent, chosen }: State): string => [
  view, spent, boards.map((one) => `${one.slot}.${one.view}.${one.value}.${one.known}`).join(),
  leaders.map(({ board, slot, value }) => `${board}.${slot}=${value}`).toSorted().join(),
  chosen.toSorted().join(),
].join("|");

// Values are the letters x and y, which nothing else is.
const turn = (text: string) => text.replace(/[xy]/g, (one) => (one === "x" ? "y" : "x"));
const keyOf = (state: State): string => {
  const text = spell(state);
  const other = turn(text);
  return text < other ? text : other;
};

const put = <Item>(list: readonly Item[], at: number, item: Item): Item[] =>
  list.map((one, index) => (index === at ? item : one));

const bits = (set: number): number => set.toString(2).replaceAll("0", "").length;

/** PAX.2 to PAX.4: a board that enough have named; undefined where it may not lead. */
const elect = (rules: PaxosRules, state: State, board: number, set: number): State | undefined => {
  if (rules.single && set & state.spent) return undefined;
  const said = state.boards.filter((_, at) => (set >> at) & 1);
  const [own] = [state.boards[board]!];
  const count = said.filter(({ slot }) => slot <= own.slot).length;
  if ((rules.aligned ? count : said.length) < rules.leads) return undefined;
  const votes = said.filter(({ slot, view }) =>
    view > 0 && (rules.aligned ? slot === own.slot : true));
  const sorted = votes.toSorted((one, other) => other.view - one.view);
  const found = rules.latest ? sorted[0] : sorted.at(-1);
  const value = rules.bound ? found?.value ?? "" : "";
  return {
    ...state, spent: state.spent | set,
    leaders: [...state.leaders, { board, slot: own.slot, value }],
  };
};

const elections = (rules: PaxosRules, state: State): State[] => {
  const found: State[] = [];
  for (let board = 0; board < rules.boards; board++) {
    if (state.leaders.some((one) => one.board === board)) continue;
    for (let set = 0; set < 1 << rules.boards; set++) {
      if (!((set >> board) & 1) || bits(set) < rules.leads) continue;
      const next = elect(rules, state, board, set);
      if (next) found.push(next);
    }
  }
  return found;
};

/** A leader names a value for the slot in which it is. */
const proposals = (rules: PaxosRules, state: State): State[] =>
  state.leaders.flatMap((leader, at) => {
    const { slot, known } = state.boards[leader.board]!;
    if (slot >= rules.slots || known[slot] !== NONE) return [];
    const open = leader.slot !== slot || leader.value === "" || !rules.fixed;
    return open ? ["x", "y"].map((value) =>
      ({ ...state, leaders: put(state.leaders, at, { ...leader, slot, value }) })) : [];
  });

/** PAX.5 */
const votes = (rules: PaxosRules, state: State): State[] =>
  state.leaders.flatMap(({ slot, value }) => state.boards.flatMap((one, at) => {
    if (value === "" || one.slot >= rules.slots) return [];
    if (rules.named ? one.slot !== slot : false) return [];
    if (rules.once && one.view === state.view) return [];
    const boards = put(state.boards, at, { ...one, view: state.view, value });
    const here = boards.filter((other) => (!rules.named || other.slot === one.slot) &&
      other.view === state.view && other.value === value).length;
    const name = `${one.slot}${value}`;
    const chosen = here >= rules.decides && !state.chosen.includes(name)
      ? [...state.chosen, name] : state.chosen;
    return [{ ...state, boards, chosen }];
  }));

const decide = (state: State, at: number, value: string): State => {
  const one = state.boards[at]!;
  const known = put(one.known.split(""), one.slot, value).join("");
  return { ...state, boards: put(state.boards, at, { ...one, known }) };
};

/** A board learns what is decided in its slot, by votes or by one claim (LOG.2), or leaves it. */
const moves = (rules: PaxosRules, state: State): State[] =>
  state.boards.flatMap((one, at) => {
    if (one.slot >= rules.slots) return [];
    if (one.known[one.slot] !== NONE) {
      const boards = put(state.boards, at, { ...one, slot: one.slot + 1, view: 0, value: "" });
      return [{ ...state, boards }];
    }
    const learnt = new Set([
      ...state.chosen.filter((name) => name.startsWith(String(one.slot))).map((name) => name[1]!),
      ...state.boards.map(({ known }) => known[one.slot]!).filter((value) => value !== NONE),
    ]);
    return [...learnt].map((value) => decide(state, at, value));
  });

const isTwo = ({ boards, chosen }: State, slots: number): boolean => {
  for (let slot = 0; slot < slots; slot++) {
    const found = new Set([
      ...boards.map(({ known }) => known[slot]!),
      ...chosen.filter((name) => name.startsWith(String(slot))).map((name) => name[1]!),
    ]);
    found.delete(NONE);
    if (found.size > 1) return true;
  }
  return false;
};

export interface ExploredPaxos {
  states: number;
  /** States in which two values are decided for a slot. */
  disagreed: number;
  /** States in which every slot is decided by all. */
  finished: number;
}

/** @param limit it stops where there are more states, or at the first disagreement */
export const explorePaxos = (rules: PaxosRules, limit: number): ExploredPaxos => {
  const { boards, slots, views } = rules;
  const first: State = {
    view: 1, leaders: [], spent: 0, chosen: [],
    boards: Array.from({ length: boards }, () =>
      ({ slot: 0, view: 0, value: "", known: NONE.repeat(slots) })),
  };
  const seen = new Set([keyOf(first)]);
  const found: ExploredPaxos = { states: 1, disagreed: 0, finished: 0 };
  const open = [first];
  for (let state = open.pop(); state; state = open.pop()) {
    const next = [
      ...elections(rules, state), ...proposals(rules, state), ...votes(rules, state),
      ...moves(rules, state),
      ...(state.view < views
        ? [{ ...state, view: state.view + 1, leaders: [], spent: 0, chosen: [] }] : []),
    ];
    for (const one of next) {
      const key = keyOf(one);
      if (seen.has(key)) continue;
      seen.add(key);
      found.states++;
      if (one.boards.every(({ slot }) => slot >= slots)) found.finished++;
      if (isTwo(one, slots)) {
        found.disagreed++;
        return found;
      }
      if (found.states >= limit) return found;
      open.push(one);
    }
  }
  return found;
};
