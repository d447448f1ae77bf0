import { sameValue, show } from "../base/values.js";
import type { BoardState, Decision } from "../boards/board.js";
import type { Tried } from "../boards/tried.js";
import type { TriedEvent } from "../events/events.js";

/**
 * The judge of what boards do before it is decided (docs/leaders.md, TENT.1 ...): what was acted on
 * and not retracted is what was decided. It sees each call, and not what a board makes of it.
 */
export interface TentativeWatch {
  /** A board lost its power; `state`: what it held. It has forgotten that unless it is stored. */
  readonly restarted: (board: number, state?: BoardState) => void;
  /** What a board has done since it was looked at last. */
  readonly seen: (board: number, state: BoardState) => void;
  /**
   * The same, as a trace has it: of a cycle in which the board may have closed several, what it
   * decided in them, and whether it closed this one, after all of that.
   */
  readonly take: (
    board: number, tried: readonly Tried[], decisions: readonly Decision[], over: boolean,
  ) => void;
  /** A board has closed a cycle, in which it decided this. */
  readonly closed: (board: number, decisions: readonly Decision[]) => void;
  /** The cycle is over. @returns by board, what it did; and whether each that counts may have */
  readonly close: (faulty: ReadonlySet<number>) => {
    readonly tried: readonly (readonly Tried[])[]; readonly right: boolean;
  };
}

const same = (one: Decision, other: Decision): boolean =>
  one.slot === other.slot && sameValue(one.value, other.value);

export const createTentativeWatch = (boards: number, stored: boolean): TentativeWatch => {
  const all = Array.from({ length: boards }, (_, board) => board);
  // What stands, and is not known to be decided.
  const open: (Tried | undefined)[] = all.map(() => undefined);
  const counts = all.map(() => 0);
  // Who has done nothing since it was without power: it may take back what it did before.
  const fresh = all.map(() => false);
  const wrong = new Set<number>();
  // Of a trace: who lost its power, and all that it did, somewhere in this cycle.
  const lost = new Set<number>();
  let list: Tried[][] = all.map(() => []);

  const take = (board: number, tried: readonly Tried[]) => {
    for (const one of tried) {
      const stands = open[board];
      if (one.back ? stands ? !same(stands, one) : !fresh[board] : stands) wrong.add(board);
      open[board] = one.back ? undefined : one;
      fresh[board] = one.back && fresh[board]!;
      list[board]!.push(one);
    }
  };

  const seen = (board: number, { trials = 0, tried = [] }: BoardState) => {
    const more = trials - counts[board]!;
    counts[board] = trials;
    if (more) take(board, tried.slice(-more));
  };

  const closed = (board: number, decisions: readonly Decision[]) => {
    const stands = open[board];
    if (stands && !decisions.some((one) => same(one, stands))) wrong.add(board);
    open[board] = undefined;
  };

  // What stands when `next` comes, or at the end, of whose slot something is decided, was closed
  // before: who acts in a slot has carried out all before it (TENT.1).
  const closedBefore = (board: number, decisions: readonly Decision[], next?: Tried) => {
    const stands = open[board];
    if (!stands || next?.back) return;
    if (decisions.some(({ slot }) => slot === stands.slot)) closed(board, decisions);
  };

  return {
    seen,
    closed,
    take(board, tried, decisions, over) {
      for (const one of tried) {
        closedBefore(board, decisions, one);
        take(board, [one]);
      }
      if (over) closed(board, decisions);
      else closedBefore(board, decisions);
      if (!lost.has(board)) return;
      wrong.delete(board);
      open[board] = undefined;
    },
    restarted(board, state) {
      if (state) seen(board, state);
      else if (!stored) lost.add(board);
      counts[board] = 0;
      fresh[board] = stored;
      if (!stored) open[board] = undefined;
    },
    close(faulty) {
      const over = { tried: list, right: [...wrong].every((board) => faulty.has(board)) };
      list = all.map(() => []);
      wrong.clear();
      lost.clear();
      return over;
    },
  };
};

/** As a line of `--json` has them. */
export const shownTried = (tried: readonly Tried[]): TriedEvent[] =>
  tried.map(({ slot, value, back }) =>
    ({ slot, value: show(value), ...(back ? { retracted: true as const } : {}) }));
