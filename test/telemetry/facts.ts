import type {
  BoardFacts, CycleFacts, LineFacts, NetworkFacts,
} from "../../host/telemetry/facts.js";

/** A network of two boards, and what is told of it. */

export const NETWORK: NetworkFacts = {
  name: 'the "pump" at #1/+', algorithm: "om", traitors: 1, boards: ["a", "b"], ballots: false,
  health: true, real: true,
};

export const LINE: LineFacts = {
  here: true, why: "", odd: false, lost: 0, late_us: 0, answers_us: [800, 1200],
};

export const boardFacts = (changes: Partial<BoardFacts> = {}): BoardFacts => ({
  put: 7, faulty: false, decisions: 1, overrun: 0, health: { state: "trusted", sign: "none" },
  line: LINE, ...changes,
});

export const factsOf = (cycle: number, changes: Partial<CycleFacts> = {}): CycleFacts => ({
  cycle, verdict: "held", broken: [], vector: [7, 7], order: 7, frames: 8, bytes: 80,
  time_us: 10_000, beacon_late_us: 300, boards: [boardFacts(), boardFacts()], ...changes,
});

/** @returns the value of a line of metrics; undefined: there is none */
export const valueOf = (text: string, line: string): number | undefined => {
  const found = text.split("\n").find((one) => one.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.slice(line.length + 1));
};
