import { paxosRules } from "./rules.js";
import type { Rules } from "./rules.js";

/**
 * What views rest on (docs/leaders.md): every number and rule is a field, so that a test can weaken
 * it and see what breaks.
 */
export interface ViewRules {
  readonly boards: number;
  readonly traitors: number;
  /** FaB: a value is accepted in the round after the leader's; else PBFT. */
  readonly fast: boolean;
  /** Decisions that a record claims; 0: there is one slot, once. */
  readonly keep: number;
  /** Values that boards propose: 1 to so many. */
  readonly values: number;
  /** Fast cycles of a view. */
  readonly cycles: number;
  readonly paxos: Rules;
  /** VIEW.2: a board votes for one value a slot in a view. */
  readonly single: boolean;
  /** PBFT.2: a board votes for what its own vector allows. */
  readonly checks: boolean;
  /** LOG.2, LOG.3: how many claims are adopted, and with how many a slot is left. */
  readonly adopt: number;
  readonly leave: number;
  /** VIEW.5: votes, and a leader's message, count for the slot that they are for. */
  readonly named: boolean;
  /** VIEW.1: who did not hear the opening of a review says nothing that binds in its view. */
  readonly reviewed: boolean;
  /** LOG.3: a record of an earlier slot is fresh, one of a later slot is none. */
  readonly aligned: boolean;
  /** VIEW.4: how many complaints change the leader, and how many have to have reached a number. */
  readonly complaints: number;
  readonly reached: number;
}

export const viewRules = (
  boards: number, traitors: number, fast: boolean, keep: number, more: Partial<ViewRules> = {},
): ViewRules => ({
  boards, traitors, fast, keep, values: 2, cycles: 2, paxos: paxosRules(boards, traitors),
  single: true, checks: true, adopt: traitors + 1, leave: 2 * traitors + 1, named: true,
  reviewed: true, aligned: true, complaints: traitors + 1, reached: traitors + 1, ...more,
});
