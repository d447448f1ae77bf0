/**
 * All states that boards can reach, layer by layer: in each, every board becomes one of its
 * options, at a price in troubles, of which there are only so many. Boards are alike, and so are
 * values.
 */
export type Option<Life> = readonly [Life, number];

/** A step: what of the state it looks at, and what it makes of a board. */
export interface Layer<Life> {
  readonly context: string;
  readonly options: (life: Life) => readonly Option<Life>[];
}

export interface Walk<Life> {
  /** All of a board, in which the digits 0 and 1 are values and nothing else is. */
  readonly spell: (life: Life) => string;
  readonly start: readonly Life[];
  /** What may have been decided, written with the same digits. */
  readonly chosen: string;
  /** Those of one ballot. */
  readonly layers: readonly ((lives: readonly Life[], ballot: number) => Layer<Life>)[];
  /** The end of a ballot: what may have been decided, and whether twice. */
  readonly judge: (lives: readonly Life[], chosen: string) => {
    readonly chosen: string;
    readonly twice: boolean;
  };
  /** What a board is then. */
  readonly end: (life: Life) => Life;
}

export interface Bounds {
  readonly ballots: number;
  /** The number of the first. */
  readonly first?: number;
  /** How many troubles there are at most. */
  readonly troubles: number;
  /** It stops where a layer has more states than this. */
  readonly limit: number;
  /** Whether it goes on after it has found what is wrong. */
  readonly patient: boolean;
}

export interface Explored {
  /** States after each ballot. */
  readonly states: number[];
  /** Of all layers. */
  visited: number;
  /** States in which two values may have been decided. */
  disagreed: number;
}

/** Boards by their numbers in the pool, the least first. */
interface State {
  readonly lives: readonly number[];
  readonly chosen: string;
  readonly troubles: number;
}

const turn = (text: string): string =>
  text.replace(/[01]/g, (digit) => (digit === "0" ? "1" : "0"));

const ascending = (one: number, other: number): number => one - other;

/** Lives by number: the same number for all that are the same. */
const createPool = <Life>(spell: (life: Life) => string) => {
  const numbers = new Map<string, number>();
  const texts: string[] = [];
  const lives: (Life | undefined)[] = [];
  const turned: (number | undefined)[] = [];
  const numberOf = (text: string): number => {
    let number = numbers.get(text);
    if (number === undefined) {
      numbers.set(text, number = texts.length);
      texts.push(text);
    }
    return number;
  };
  /** Of the same life with the values exchanged, which may not be there yet. */
  const other = (number: number): number => turned[number] ??= numberOf(turn(texts[number]!));
  return {
    add(life: Life): number {
      const number = numberOf(spell(life));
      lives[number] ??= life;
      return number;
    },
    at: (number: number): Life => lives[number]!,
    /** The same for all states that differ in the order of boards or the names of values only. */
    keyOf({ lives: all, chosen }: State): string {
      const one = `${chosen}${all.join()}`;
      const two = `${turn(chosen)}${all.map(other).toSorted(ascending).join()}`;
      return one < two ? one : two;
    },
  };
};

/** What boards may become in one layer, each at the least price; the same context, the same way. */
const createOptions = <Life>(pool: ReturnType<typeof createPool<Life>>) => {
  type Known = Map<number, readonly Option<number>[]>;
  const known = new Map<string, Known>();
  return ({ context, options }: Layer<Life>) => {
    let there = known.get(context);
    if (!there) known.set(context, there = new Map() as Known);
    return (number: number): readonly Option<number>[] => {
      let found = there.get(number);
      if (!found) {
        const cheapest = new Map<number, number>();
        for (const [after, cost] of options(pool.at(number))) {
          const same = pool.add(after);
          cheapest.set(same, Math.min(cost, cheapest.get(same) ?? Infinity));
        }
        there.set(number, found = [...cheapest]);
      }
      return found;
    };
  };
};

/** Every way in which each board may become one of its options, but for the order of boards. */
const combine = (
  lives: readonly number[], options: (life: number) => readonly Option<number>[], left: number,
): (readonly [number[], number])[] => {
  let lists: (readonly [number[], number])[] = [[[], 0]];
  for (const [index, life] of lives.entries()) {
    // Boards that are the same now need not be told apart: the later one has the later option.
    const alike = index > 0 && lives[index - 1] === life;
    const mine = options(life);
    const next: (readonly [number[], number])[] = [];
    for (const [list, spent] of lists) {
      let at = alike ? mine.findIndex(([after]) => after === list.at(-1)) : 0;
      for (; at < mine.length; at++) {
        const [after, cost] = mine[at]!;
        if (spent + cost <= left) next.push([[...list, after], spent + cost]);
      }
    }
    lists = next;
  }
  return lists;
};

export const exploreLayers = <Life>(
  { spell, start, chosen: before, layers, judge, end }: Walk<Life>,
  { ballots, first = 0, troubles: most, limit, patient }: Bounds,
): Explored => {
  const pool = createPool(spell);
  const found: Explored = { states: [1], visited: 1, disagreed: 0 };
  let states = new Map<string, State>([
    ["", {
      lives: start.map((life) => pool.add(life)).toSorted(ascending), chosen: before, troubles: 0,
    }],
  ]);

  const ends = new Map<number, number>();
  const ended = (life: number): number => {
    let after = ends.get(life);
    if (after === undefined) ends.set(life, after = pool.add(end(pool.at(life))));
    return after;
  };
  const settled = ({ lives, chosen, troubles }: State): State => {
    const after = judge(lives.map((life) => pool.at(life)), chosen);
    if (after.twice) found.disagreed++;
    return { lives: lives.map(ended).toSorted(ascending), chosen: after.chosen, troubles };
  };

  for (let ballot = first; ballot < first + ballots; ballot++) {
    for (const [index, layer] of layers.entries()) {
      const next = new Map<string, State>();
      const optionsOf = createOptions(pool);
      for (const { lives, chosen, troubles } of states.values()) {
        const options = optionsOf(layer(lives.map((life) => pool.at(life)), ballot));
        for (const [list, cost] of combine(lives, options, most - troubles)) {
          const made = { lives: list.toSorted(ascending), chosen, troubles: troubles + cost };
          const state = index === layers.length - 1 ? settled(made) : made;
          const key = pool.keyOf(state);
          if ((next.get(key)?.troubles ?? Infinity) > state.troubles) next.set(key, state);
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
