/**
 * All states that LBP and LFaB can reach in one slot while correct boards are restarted at any
 * step, hear any opening again, and have stores in which any write may be refused or cut off. Every
 * rule that is there against that is a switch.
 *
 * As in explore.ts a vector holds of each correct board the record that it sent, or ⊥, and of the
 * liars anything; boards are alike, and so are values. A step is a layer: an opening, each round in
 * which boards vote, the end of a ballot, and before each of them a restart of any of the boards.
 * Restarts and writes that fail are counted, and there are at most so many; what is lost, late or a
 * lie costs nothing.
 */
import { mustPropose } from "./rules.js";
import type { PaxosRecord, Rules } from "./rules.js";
import { FRESH, after2av, paxosRules } from "./rules.js";
import { VALUES, allowed } from "./explore.js";

/** What a board has in its memory, or in a place of its store, or on the wire. */
export type Memory = PaxosRecord & { readonly accepted: string };

const EMPTY: Memory = { ...FRESH, accepted: "" };

export interface LifeRules {
  readonly boards: number;
  readonly traitors: number;
  readonly fast: boolean;
  readonly stored: boolean;
  /** LOG.5: who forgot is silent. Else an opening that comes again makes it new. */
  readonly silent: boolean;
  /** LOG.5: no ballot that has been binds again. */
  readonly once: boolean;
  /** LOG.6: what is not kept counts nowhere. Else it counts for the board itself. */
  readonly kept: boolean;
  /** LOG.6: what is kept is kept before it is said. */
  readonly first: boolean;
  /** BALLOT.6: the newest whole image is never written over. Else places are written in turn. */
  readonly spared: boolean;
}

export const lifeRules = (fast: boolean, stored: boolean): LifeRules => ({
  boards: fast ? 6 : 4, traitors: 1, fast, stored, silent: true, once: true, kept: true,
  first: true, spared: true,
});

/** One correct board. */
interface Life {
  readonly live: Memory;
  /** The newest whole image, the other place's, and whether the next write goes over the newest. */
  readonly newest: Memory;
  readonly other: Memory | undefined;
  readonly over: boolean;
  /** Whether it has forgotten, and is silent. */
  readonly mute: boolean;
  /** In the open ballot: whether it takes part, what it reported, and for what it has voted. */
  readonly on: boolean;
  readonly told: Memory | undefined;
  readonly relayed: string;
  readonly voted: string;
  /** What it counts of its own that nobody heard, by round. */
  readonly own: string;
}

interface State {
  readonly lives: readonly Life[];
  readonly chosen: string;
  /** Restarts, and writes that failed. */
  readonly troubles: number;
}

/** What may become of a board, and how much trouble that is. */
type Option = readonly [Life, number];

/** A step: what of the state it looks at, and what it makes of a board. */
interface Layer {
  readonly context: string;
  readonly options: (life: Life) => readonly Option[];
}

const turn = (text: string, turned: boolean): string =>
  turned ? text.replace(/[01]/g, (digit) => (digit === "0" ? "1" : "0")) : text;

const letter = (ballot: number): string => String.fromCharCode(98 + ballot);

const writeMemory = (memory: Memory | undefined): string => memory
  ? letter(memory.mbal) + (memory.mval ?? "-") + letter(memory.avBal) + (memory.avVal ?? "-") +
    letter(memory.avPrev) + (memory.accepted || "-")
  : "~";

/** By life, how it is written, and how with the values exchanged. */
const written = new WeakMap<Life, readonly [string, string]>();

const spell = (life: Life): string => {
  const { live, newest, other, over, mute, on, told, relayed, voted, own } = life;
  return `${[live, newest, other, told].map(writeMemory).join("")}${over ? "o" : ""}${
    mute ? "m" : ""}${on ? "n" : ""},${relayed},${voted},${own};`;
};

const keysOf = (life: Life): readonly [string, string] => {
  let keys = written.get(life);
  if (!keys) {
    const text = spell(life);
    written.set(life, keys = [text, turn(text, true)]);
  }
  return keys;
};

/** The same for all states that differ in the order of boards or the names of values only. */
const keyOf = ({ lives, chosen }: State): string => {
  const one = chosen + lives.map((life) => keysOf(life)[0]).toSorted().join("");
  const other = turn(chosen, true) + lives.map((life) => keysOf(life)[1]).toSorted().join("");
  return one < other ? one : other;
};

/** LFAB.2: every value that some vector lets a board accept. */
const allowedFast = (told: readonly Memory[], { boards, traitors }: LifeRules): string[] => {
  const found = new Set<string>();
  const least = boards - traitors;
  for (let heard = 0; heard < 2 ** told.length; heard++) {
    const mine = told.filter((_, index) => Math.floor(heard / 2 ** index) % 2)
      .map(({ accepted }) => accepted);
    for (const lie of [undefined, "", ...VALUES]) {
      const records = lie === undefined ? mine : [...mine, lie];
      if (records.length < least) continue;
      const must = mustPropose(records, (count) => count - 2 * traitors);
      for (const value of must === undefined ? VALUES : [must]) found.add(value);
    }
  }
  return [...found];
};

const createMoves = (rules: LifeRules) => {
  const { fast, stored, traitors } = rules;
  const paxos: Rules = paxosRules(rules.boards, traitors);
  const quorum = fast ? rules.boards - traitors : paxos.votes;

  const restart = (life: Life): Life => stored
    ? { ...life, live: life.newest, on: false, own: "" }
    : { ...life, live: EMPTY, on: false, own: "", mute: rules.silent };

  /** What becomes of a life that writes down what is in its memory: kept, refused, or cut off. */
  const writes = (life: Life): { life: Life; kept: boolean; cost: number }[] => {
    if (!stored) return [{ life, kept: true, cost: 0 }, { life, kept: false, cost: 1 }];
    const { live, newest, other, over } = life;
    const spare = (memory: Memory | undefined) => (rules.spared ? undefined : memory);
    const done = over
      ? { ...life, newest: live, other: spare(other), over: false }
      : { ...life, newest: live, other: spare(newest), over: false };
    const refused = { ...life, over: rules.spared ? false : !over };
    // Torn is the place that was written to: the newest, if nobody spares it.
    const torn = over
      ? { ...life, newest: other ?? EMPTY, other: undefined, over: false }
      : { ...life, other: undefined };
    return [
      { life: done, kept: true, cost: 0 }, { life: refused, kept: false, cost: 1 },
      { life: restart(torn), kept: false, cost: 1 },
    ];
  };

  /** A vote for `value`, already in memory: said if it is kept. */
  const says = (life: Life, name: "relayed" | "voted", value: string): Option[] => {
    const said = { [name]: life[name] + value };
    return [
      ...writes(life).map(({ life: after, kept, cost }): Option => [kept
        ? { ...after, ...said }
        : {
          ...after, on: !rules.kept && after.on, own: rules.kept ? "" : name[0]! + value,
        }, cost]),
      // Said first, and never kept: the power goes in between.
      ...(rules.first ? [] : [[{ ...restart(life), ...said }, 1] as const]),
    ];
  };

  const reports = (life: Life): Option[] => {
    const out: Option = [{ ...life, on: false, told: undefined }, 0];
    if (life.mute) return [out];
    return [out, ...writes(life).map(({ life: after, kept, cost }): Option => [kept
      ? { ...after, on: true, told: life.live }
      : { ...after, on: false, told: undefined }, cost])];
  };

  const restarts = (open: boolean) => (life: Life): Option[] => {
    const again = restart(life);
    return [
      [life, 0], [again, 1],
      // The opening of this very ballot comes once more.
      ...(open && !rules.once && !again.mute ? [[{ ...again, on: true }, 1] as const] : []),
    ];
  };

  return { quorum, paxos, writes, says, reports, restarts };
};

type Moves = ReturnType<typeof createMoves>;

/** How many votes for `value` a board may have heard, its own among them. */
const countOf = (
  lives: readonly Life[], name: "relayed" | "voted", value: string, self: Life, traitors: number,
) => lives.filter((life) => life[name].includes(value)).length +
  (self.own === name[0]! + value && !self[name].includes(value) ? 1 : 0) + traitors;

/** The layers of one ballot. */
const layersOf = (rules: LifeRules, moves: Moves) => {
  const { fast, stored, traitors } = rules;
  const { paxos, says } = moves;
  const fixed = (options: Layer["options"]) => (): Layer => ({ context: "", options });
  // LBP.3, or LFAB.3
  const relay = (life: Life, ballot: number, value: string): Life => ({
    ...life,
    live: fast
      ? { ...life.live, accepted: value }
      : { ...after2av(life.live, ballot, value, paxos), accepted: "" },
  });
  const relays = (lives: readonly Life[], ballot: number): Layer => {
    const told = lives.map((life) => life.told).filter((memory) => memory !== undefined);
    const values = fast ? allowedFast(told, rules) : allowed(told, ballot, paxos);
    return {
      context: values.join(""),
      options: (life) => [[life, 0] as const, ...(life.on ? values : []).flatMap((value) =>
        says(relay(life, ballot, value), fast ? "voted" : "relayed", value))]
        .map(([after, cost]) => [{ ...after, told: undefined }, cost]),
    };
  };
  const votes = (lives: readonly Life[], ballot: number): Layer => ({
    context: VALUES.map((value) =>
      lives.filter(({ relayed }) => relayed.includes(value)).length).join(),
    options: (life) => [[life, 0] as const, ...(life.on ? VALUES : [])
      .filter((value) => countOf(lives, "relayed", value, life, traitors) >= paxos.relays)
      .flatMap((value) => says(
        { ...life, live: { ...life.live, mbal: ballot, mval: value } }, "voted", value))]
      .map(([after, cost]) => [{ ...after, relayed: "" }, cost]),
  });
  // Somebody may write down what it carries out.
  const acts = (life: Life): Option[] => [
    [life, 0],
    ...(stored ? moves.writes(life).map(({ life: after, cost }): Option => [after, cost]) : []),
  ];
  return [
    fixed(moves.restarts(false)), fixed(moves.reports), fixed(moves.restarts(true)), relays,
    ...(fast ? [] : [fixed(moves.restarts(true)), votes]), fixed(acts),
  ];
};

/** Every way in which each board may become one of its options, but for the order of boards. */
const combine = (
  lives: readonly Life[], options: (life: Life) => readonly Option[], left: number,
): (readonly [Life[], number])[] => {
  let lists: (readonly [Life[], number])[] = [[[], 0]];
  for (const [index, life] of lives.entries()) {
    // Boards that are the same now need not be told apart: the later one has the later option.
    const alike = index > 0 && lives[index - 1] === life;
    const mine = options(life);
    lists = lists.flatMap(([list, spent]) => {
      const first = alike ? mine.findIndex(([after]) => after === list.at(-1)) : 0;
      return mine.slice(first).filter(([, cost]) => spent + cost <= left)
        .map(([after, cost]) => [[...list, after], spent + cost] as const);
    });
  }
  return lists;
};

export interface Explored {
  /** States after each ballot. */
  readonly states: number[];
  /** Of all layers. */
  visited: number;
  /** States in which two values may have been decided. */
  disagreed: number;
}

/** What may have been decided in the ballot that ends. */
const decidedIn = (lives: readonly Life[], quorum: number, traitors: number): string[] =>
  VALUES.filter((value) => lives.some((life) =>
    countOf(lives, "voted", value, life, traitors) >= quorum));

/** One life for all that are the same, and what may become of it in a layer. */
const createPool = () => {
  const lives = new Map<string, Life>();
  const known = new Map<string, readonly Option[]>();
  const one = (life: Life): Life => {
    const [key] = keysOf(life);
    const found = lives.get(key) ?? life;
    if (found === life) lives.set(key, life);
    return found;
  };
  const optionsOf = (step: string, { context, options }: Layer) => (life: Life) => {
    const key = `${step} ${context} ${keysOf(life)[0]}`;
    let found = known.get(key);
    if (!found) {
      const cheapest = new Map<Life, number>();
      for (const [after, cost] of options(life)) {
        const same = one(after);
        cheapest.set(same, Math.min(cost, cheapest.get(same) ?? Infinity));
      }
      known.set(key, found = [...cheapest]);
    }
    return found;
  };
  return { one, optionsOf };
};

/**
 * @param ballots how many ballots follow one another
 * @param most how many troubles there are at most
 * @param limit stops where a layer has more states than this
 * @param patient whether it goes on after it has found what is wrong
 */
export const exploreLives = (
  rules: LifeRules, ballots: number, most: number, limit: number, patient = true,
): Explored => {
  const moves = createMoves(rules);
  const pool = createPool();
  const layers = layersOf(rules, moves);
  const life = pool.one({
    live: EMPTY, newest: EMPTY, other: undefined, over: false, mute: false, on: false,
    told: undefined, relayed: "", voted: "", own: "",
  });
  const found: Explored = { states: [1], visited: 1, disagreed: 0 };
  const start = Array<Life>(rules.boards - rules.traitors).fill(life);
  let states = new Map<string, State>([["", { lives: start, chosen: "", troubles: 0 }]]);

  const add = (next: Map<string, State>, state: State) => {
    const key = keyOf(state);
    if ((next.get(key)?.troubles ?? Infinity) > state.troubles) next.set(key, state);
  };

  /** The state after a ballot. */
  const settle = ({ lives, chosen, troubles }: State): State => {
    let choice = chosen;
    for (const value of decidedIn(lives, moves.quorum, rules.traitors)) {
      if (choice && choice !== value) found.disagreed++;
      choice ||= value;
    }
    const settled = lives.map((one) => pool.one({ ...one, on: false, voted: "", own: "" }))
      .toSorted((one, other) => (keysOf(one)[0] < keysOf(other)[0] ? -1 : 1));
    return { lives: settled, chosen: choice, troubles };
  };

  for (let ballot = 0; ballot < ballots; ballot++) {
    for (const [index, layer] of layers.entries()) {
      const next = new Map<string, State>();
      for (const { lives, chosen, troubles } of states.values()) {
        const options = pool.optionsOf(`${ballot}.${index}`, layer(lives, ballot));
        for (const [after, cost] of combine(lives, options, most - troubles)) {
          const state = { lives: after, chosen, troubles: troubles + cost };
          add(next, index === layers.length - 1 ? settle(state) : state);
          if (found.disagreed && !patient) return found;
        }
        if (next.size > limit) return found;
      }
      states = next;
      found.visited += states.size;
    }
    found.states.push(states.size);
  }
  return found;
};
