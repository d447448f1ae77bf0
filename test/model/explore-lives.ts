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
import { VALUES, allowed } from "./explore.js";
import { exploreLayers } from "./layers.js";
import type { Bounds, Explored, Layer, Option } from "./layers.js";
import { EMPTY, countOf, createMoves, newLife, writeMemory } from "./moves.js";
import type { Life, Memory, StoreRules } from "./moves.js";
import { after2av, earlyRules, mustPropose, paxosRules } from "./rules.js";
import type { Rules } from "./rules.js";

export interface LifeRules extends StoreRules {
  readonly boards: number;
  readonly traitors: number;
  readonly fast: boolean;
  /** Whether n equal 2av decide (EARLY.1), and what is kept then (EARLY.2); else LBP.2 alone. */
  readonly early: boolean;
  readonly keeps: boolean;
  /** LOG.5: who forgot is silent. Else an opening that comes again makes it new. */
  readonly silent: boolean;
}

export const lifeRules = (fast: boolean, stored: boolean, early = false): LifeRules => ({
  boards: fast ? 6 : 4, traitors: 1, fast, early, keeps: early, stored, silent: true, once: true,
  kept: true,
  first: true, spared: true,
});

/** One correct board. */
export interface OneSlot extends Life<Memory> {
  /** Whether it has forgotten, and is silent. */
  readonly mute: boolean;
}

/** A board that has never run. */
export const NEW: OneSlot = { ...newLife(EMPTY), mute: false };

const spell = (life: OneSlot): string => {
  const { live, newest, other, over, mute, on, told, relayed, voted, early, own } = life;
  return `${[live, newest, other, told].map(writeMemory).join("")}${over ? "o" : ""}${
    mute ? "m" : ""}${on ? "n" : ""},${relayed},${voted},${early},${own};`;
};

/** @returns the rules of Paxos among these boards */
export const paxosOf = ({ boards, traitors, keeps }: LifeRules): Rules =>
  (keeps ? earlyRules : paxosRules)(boards, traitors);

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

/** LBP.3, or LFAB.3: what is in the memory of a board that has said so. */
export const relayed = <Held extends Memory>(
  live: Held, ballot: number, value: string, fast: boolean, paxos: Rules,
): Held => fast
  ? { ...live, accepted: value }
  : { ...live, ...after2av(live, ballot, value, paxos) };

/** The layers of one ballot. */
const layersOf = (rules: LifeRules, paxos: Rules) => {
  const { boards, fast, early, stored, traitors } = rules;
  const restart = (life: OneSlot): OneSlot => stored
    ? { ...life, live: life.newest, on: false, own: "" }
    : { ...life, live: EMPTY, on: false, own: "", mute: rules.silent };
  const { writes, says, reports, restarts } = createMoves<Memory, OneSlot>(rules, EMPTY, restart);
  const fixed = (options: Layer<OneSlot>["options"]) => (): Layer<OneSlot> =>
    ({ context: "", options });
  const opens = (life: OneSlot): Option<OneSlot>[] =>
    reports(life).slice(0, life.mute ? 1 : undefined);
  const relays = (lives: readonly OneSlot[], ballot: number): Layer<OneSlot> => {
    const told = lives.map((life) => life.told).filter((memory) => memory !== undefined);
    const values = fast ? allowedFast(told, rules) : allowed(told, ballot, paxos);
    return {
      context: values.join(""),
      options: (life) => [[life, 0] as const, ...(life.on ? values : []).flatMap((value) => says(
        { ...life, live: relayed(life.live, ballot, value, fast, paxos) },
        fast ? "voted" : "relayed", value))]
        .map(([after, cost]) => [{ ...after, told: undefined }, cost]),
    };
  };
  const isEarly = (lives: readonly OneSlot[]) => (value: string): boolean => early &&
    lives.filter((life) => life.relayed.includes(value)).length + traitors >= boards;
  const votes = (lives: readonly OneSlot[], ballot: number): Layer<OneSlot> => ({
    context: VALUES.map((value) =>
      lives.filter((life) => life.relayed.includes(value)).length).join(),
    options: (life) => [[life, 0] as const, ...(life.on ? VALUES : [])
      .filter((value) => countOf(lives, "relayed", value, life) + traitors >= paxos.relays)
      .flatMap((value) => says(
        { ...life, live: { ...life.live, mbal: ballot, mval: value } }, "voted", value))]
      .map(([after, cost]) => [
        { ...after, relayed: "", early: VALUES.filter(isEarly(lives)).join("") }, cost]),
  });
  // Somebody may write down what it carries out.
  const acts = (life: OneSlot): Option<OneSlot>[] => [
    [life, 0],
    ...(stored ? writes(life).map(({ life: after, cost }): Option<OneSlot> => [after, cost]) : []),
  ];
  const muted = ({ mute }: OneSlot): boolean => mute;
  return [
    fixed(restarts(false, muted)), fixed(opens), fixed(restarts(true, muted)), relays,
    ...(fast ? [] : [fixed(restarts(true, muted)), votes]), fixed(acts),
  ];
};

/**
 * @param start the correct boards before the first of these ballots; new ones unless told
 * @param decided what has been decided before
 */
export const exploreLives = (
  rules: LifeRules, bounds: Bounds, start?: readonly OneSlot[], decided = "",
): Explored => {
  const { boards, traitors, fast } = rules;
  const paxos = paxosOf(rules);
  const quorum = fast ? boards - traitors : paxos.votes;
  return exploreLayers({
    spell, layers: layersOf(rules, paxos), chosen: decided,
    start: start ?? Array.from({ length: boards - traitors }, () => NEW),
    end: (life) => ({ ...life, on: false, voted: "", early: "", own: "" }),
    judge(lives, before) {
      const now = VALUES.filter((value) => lives.some((life) => life.early.includes(value) ||
        countOf(lives, "voted", value, life) + traitors >= quorum));
      const chosen = before || (now[0] ?? "");
      return { chosen, twice: now.some((value) => value !== chosen) };
    },
  }, bounds);
};
