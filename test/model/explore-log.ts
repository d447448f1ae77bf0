/**
 * All states that boards can reach in the first slots of a log: each is at a slot of its own,
 * decides it, and goes on with a fresh record; who is behind catches up by what the others claim.
 * Restarts, openings that come again and stores that fail are those of explore-lives.ts.
 *
 * Two values for one slot are two that may have been decided, or one that was, or that some correct
 * board holds, and another that some correct board holds.
 */
import { lifeRules, paxosOf, relayed } from "./explore-lives.js";
import { VALUES } from "./explore.js";
import { exploreLayers } from "./layers.js";
import type { Bounds, Explored, Layer, Option } from "./layers.js";
import { NONE, claim, createViews, letter, spellEntry } from "./log-views.js";
import type { Entry, LogRules } from "./log-views.js";
import { EMPTY, countOf, createMoves, newLife } from "./moves.js";
import type { Life, Voting } from "./moves.js";

/** @param keep K of LOG.1 */
export const logRules = (
  fast: boolean, stored: boolean, keep: number, early = false,
): LogRules => {
  const rules = lifeRules(fast, stored, early);
  const { traitors } = rules;
  return {
    ...rules, slots: 2, keep, named: true, adopts: traitors + 1, leaves: 2 * traitors + 1,
    beyond: 2,
  };
};

/** One correct board. */
interface Logged extends Life<Entry> {
  /** LOG.5: the first slot in which it promises anything. */
  readonly from: number;
}

/** Of a board that forgot, until it has seen a vector: beyond all slots. */
const NOWHERE = 25;

const spell = (life: Logged): string => {
  const { live, newest, other, over, from, on, told, relayed: sent, voted, early, own } = life;
  return `${[live, newest, other, told].map(spellEntry).join("")}${over ? "o" : ""}${
    letter(from)}${on ? "!" : ""},${sent},${voted},${early},${own};`;
};

/** What a board remembers in the slot in which it is now. */
const at = (live: Entry, slot: number, claims: string): Entry =>
  (slot === live.slot ? { ...live, claims } : { ...EMPTY, slot, claims });

const layersOf = (rules: LogRules) => {
  const { boards, traitors, fast, stored, slots, keep: kept, named } = rules;
  const paxos = paxosOf(rules);
  const quorum = fast ? boards - traitors : paxos.votes;
  const empty: Entry = { ...EMPTY, slot: 0, claims: NONE.repeat(slots) };
  const restart = (life: Logged): Logged => stored
    ? { ...life, live: life.newest, on: false, own: "" }
    : { ...life, live: empty, on: false, own: "", from: rules.silent ? NOWHERE : 0 };
  const moves = createMoves<Entry, Logged>(rules, empty, restart);
  const silent = ({ from, live }: Logged): boolean => live.slot < from;
  const fixed = (options: Layer<Logged>["options"]) => (): Layer<Logged> =>
    ({ context: "", options });
  const views = createViews(rules);
  /** A vote for a value in a slot. */
  const word = ({ live }: Logged, value: string): string =>
    (named ? letter(live.slot) : "") + value;
  const isHeard = (lives: readonly Logged[], name: Voting, life: Logged, value: string) =>
    life.live.slot < slots &&
      countOf(lives, name, word(life, value), life) + traitors >= (name === "voted" ? quorum
        : paxos.relays);
  const sent = (lives: readonly Logged[], name: Voting): string =>
    lives.map((life) => life[name]).toSorted().join();

  // Who is silent still sees what others say.
  const opens = (life: Logged): Option<Logged>[] => (silent(life)
    ? [[{ ...life, on: false, told: undefined }, 0], [{ ...life, on: true, told: undefined }, 0]]
    : moves.reports(life));
  const looks = (lives: readonly Logged[], ballot: number): Layer<Logged> => ({
    context: lives.map(({ told }) => spellEntry(told)).toSorted().join(""),
    options: (life) => {
      const others = lives.toSpliced(lives.indexOf(life), 1)
        .map(({ told }) => told).filter((told) => told !== undefined);
      const speaks = life.on && life.told !== undefined;
      // What has not heard the opening knows nothing of LOG.5's x.
      const viewer = { live: life.live, from: life.from, speaks };
      return views(viewer, others, ballot).flatMap(({ slot, claims, from, values }) => {
        const moved: Logged = {
          ...life, told: undefined, live: at(life.live, slot, claims),
          from: life.on ? from : life.from,
        };
        return [[moved, 0] as const, ...values.split("").flatMap((value) => moves.says(
          { ...moved, live: relayed(moved.live, ballot, value, fast, paxos) },
          fast ? "voted" : "relayed", word(moved, value)))];
      });
    },
  });
  // EARLY.1: what all have said in one slot.
  const earlyIn = (lives: readonly Logged[]): string => (rules.early
    ? [...new Set(lives.map((life) => life.relayed))].filter((said) => said &&
      lives.filter((life) => life.relayed === said).length + traitors >= boards).join("") : "");
  const votes = (lives: readonly Logged[], ballot: number): Layer<Logged> => ({
    context: sent(lives, "relayed"),
    options: (life) => [[life, 0] as const, ...(life.on && !silent(life) ? VALUES : [])
      .filter((value) => isHeard(lives, "relayed", life, value))
      .flatMap((value) => moves.says(
        { ...life, live: { ...life.live, mbal: ballot, mval: value } }, "voted",
        word(life, value)))]
      .map(([after, cost]) => [{ ...after, relayed: "", early: earlyIn(lives) }, cost]),
  });
  const decides = (lives: readonly Logged[]): Layer<Logged> => ({
    context: sent(lives, "voted"),
    options: (life) => {
      const { slot, claims } = life.live;
      const held = claims[slot] !== NONE ? [] : VALUES.filter((value) =>
        life.early.includes(word(life, value)) || isHeard(lives, "voted", life, value));
      return [life, ...held.map((value): Logged =>
        ({ ...life, live: { ...life.live, claims: claim(claims, slot, value, kept) } }))]
        .flatMap((after): Option<Logged>[] => [[after, 0], ...(stored
          ? moves.writes(after).map(({ life: written, cost }): Option<Logged> => [written, cost])
          : [])]);
    },
  });
  const start: Logged = { ...newLife(empty), from: 0 };
  return {
    start, word, quorum,
    layers: [
      fixed(moves.restarts(false, silent)), fixed(opens),
      fixed(moves.restarts(true, silent)), looks,
      ...(fast ? [] : [fixed(moves.restarts(true, silent)), votes]),
      fixed(moves.restarts(true, silent)), decides,
    ],
  };
};

/** @param first in which slot all are: they have decided "0" in those before */
export const exploreLog = (rules: LogRules, bounds: Bounds, first = 0): Explored => {
  const { boards, traitors, slots, keep } = rules;
  const { start, word, layers, quorum } = layersOf(rules);
  const before: Entry = {
    ...EMPTY, slot: first,
    claims: VALUES[0].repeat(Math.min(first, keep)).padStart(first, NONE).padEnd(slots, NONE),
  };
  const all = [...Array(slots).keys()];
  return exploreLayers({
    spell, layers, start: Array.from({ length: boards - traitors },
      (): Logged => ({ ...start, live: before, newest: before })),
    chosen: VALUES[0].repeat(first).padEnd(slots, NONE),
    end: (life) => ({ ...life, on: false, voted: "", early: "", own: "" }),
    judge(lives, earlier) {
      let twice = false;
      const chosen = all.map((slot) => {
        const decided = VALUES.filter((value) => {
          const there = { ...start, live: { ...start.live, slot } };
          return [...(rules.named ? [there] : []), ...lives].some((one) =>
            one.live.slot === slot && (one.early.includes(word(one, value)) ||
            countOf(lives, "voted", word(one, value), one) + traitors >= quorum));
        });
        const held = lives.map(({ live }) => live.claims[slot]!).filter((value) => value !== NONE);
        const values = new Set([...decided, ...held, earlier[slot]!]);
        values.delete(NONE);
        if (values.size > 1) twice = true;
        return [...values][0] ?? NONE;
      });
      return { chosen: chosen.join(""), twice };
    },
  }, bounds);
};
