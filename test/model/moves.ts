/** What boards with stores do in a ballot, and what goes wrong: of one slot and of a log. */
import type { Option } from "./layers.js";
import { FRESH } from "./rules.js";
import type { PaxosRecord } from "./rules.js";

/** What a board has in its memory, or in a place of its store, or on the wire. */
export type Memory = PaxosRecord & { readonly accepted: string };

export const EMPTY: Memory = { ...FRESH, accepted: "" };

/** One correct board. */
export interface Life<Held extends Memory> {
  readonly live: Held;
  /** The newest whole image, the other place's, and whether the next write goes over the newest. */
  readonly newest: Held;
  readonly other: Held | undefined;
  readonly over: boolean;
  /** In the open ballot: whether it takes part, what it reported, and for what it has voted. */
  readonly on: boolean;
  readonly told: Held | undefined;
  readonly relayed: string;
  readonly voted: string;
  /** For what all boards have voted in the first of two rounds (EARLY.1); the same in all lives. */
  readonly early: string;
  /** What it counts of its own that nobody heard, by round. */
  readonly own: string;
}

/** The rounds in which boards vote. */
export type Voting = "relayed" | "voted";

export interface StoreRules {
  readonly stored: boolean;
  /** LOG.5: no ballot that has been binds again. */
  readonly once: boolean;
  /** LOG.6: what is not kept counts nowhere. Else it counts for the board itself. */
  readonly kept: boolean;
  /** LOG.6: what is kept is kept before it is said. */
  readonly first: boolean;
  /** BALLOT.6: the newest whole image is never written over. Else places are written in turn. */
  readonly spared: boolean;
}

const letter = (ballot: number): string => String.fromCharCode(98 + ballot);

export const writeMemory = (memory: Memory | undefined): string => memory
  ? letter(memory.mbal) + (memory.mval ?? "-") + letter(memory.avBal) + (memory.avVal ?? "-") +
    letter(memory.avPrev) + (memory.accepted || "-")
  : "~";

/** A life that has never run, of a board that has nothing in its memory but `empty`. */
export const newLife = <Held extends Memory>(empty: Held): Life<Held> => ({
  live: empty, newest: empty, other: undefined, over: false, on: false, told: undefined,
  relayed: "", voted: "", early: "", own: "",
});

/**
 * @param empty what is in a store in which nothing is whole
 * @param restart what becomes of a board that loses its power
 */
export const createMoves = <Held extends Memory, Any extends Life<Held>>(
  rules: StoreRules, empty: Held, restart: (life: Any) => Any,
) => {
  /** What becomes of a life that writes down what is in its memory: kept, refused, or cut off. */
  const writes = (life: Any): { life: Any; kept: boolean; cost: number }[] => {
    if (!rules.stored) return [{ life, kept: true, cost: 0 }, { life, kept: false, cost: 1 }];
    const { live, newest, other, over } = life;
    const spare = (memory: Held | undefined) => (rules.spared ? undefined : memory);
    const done = { ...life, newest: live, other: spare(over ? other : newest), over: false };
    const refused = { ...life, over: rules.spared ? false : !over };
    // Torn is the place that was written to: the newest, if nobody spares it.
    const torn = over
      ? { ...life, newest: other ?? empty, other: undefined, over: false }
      : { ...life, other: undefined };
    return [
      { life: done, kept: true, cost: 0 }, { life: refused, kept: false, cost: 1 },
      { life: restart(torn), kept: false, cost: 1 },
    ];
  };

  /** A vote for `value`, already in memory: said if it is kept. */
  const says = (life: Any, name: Voting, value: string): Option<Any>[] => {
    const said = { [name]: life[name] + value };
    return [
      ...writes(life).map(({ life: after, kept, cost }): Option<Any> => [kept
        ? { ...after, ...said }
        : {
          ...after, on: !rules.kept && after.on, own: rules.kept ? "" : name[0]! + value,
        }, cost]),
      // Said first, and never kept: the power goes in between.
      ...(rules.first ? [] : [[{ ...restart(life), ...said }, 1] as const]),
    ];
  };

  /** An opening, of which it may have heard nothing. */
  const reports = (life: Any): Option<Any>[] => [
    [{ ...life, on: false, told: undefined }, 0],
    ...writes(life).map(({ life: after, kept, cost }): Option<Any> => [kept
      ? { ...after, on: true, told: life.live }
      : { ...after, on: false, told: undefined }, cost]),
  ];

  /** @param silent whether a board that is restarted promises nothing in this ballot */
  const restarts = (
    open: boolean, silent: (life: Any) => boolean,
  ) => (life: Any): Option<Any>[] => {
    const again = restart(life);
    return [
      [life, 0], [again, 1],
      // The opening of this very ballot comes once more.
      ...(open && !rules.once && !silent(again) ? [[{ ...again, on: true }, 1] as const] : []),
    ];
  };

  return { writes, says, reports, restarts };
};

/** How many correct boards a board hears vote for `value`, itself among them if only it knows. */
export const countOf = <Held extends Memory>(
  lives: readonly Life<Held>[], name: Voting, value: string, self: Life<Held>,
): number => lives.filter((life) => life[name].includes(value)).length +
  (self.own === name[0]! + value && !self[name].includes(value) ? 1 : 0);
