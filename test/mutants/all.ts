import { AGREEMENT } from "./agreement.js";
import { BALLOTS } from "./ballots.js";
import { BOARD } from "./board.js";
import { COMMIT } from "./commit.js";
import { COMPUTER } from "./computer.js";
import { DUEL } from "./duel.js";
import { DETECTOR, HEALTH } from "./health.js";
import { LEARNER } from "./learner.js";
import type { Mutant } from "./mutant.js";
import { PAXOS } from "./paxos.js";
import { TENTATIVE } from "./tentative.js";
import { VIEWS } from "./views.js";

export const MUTANTS: readonly Mutant[] = [
  ...AGREEMENT, ...BALLOTS, ...BOARD, ...COMMIT, ...COMPUTER, ...HEALTH, ...DETECTOR, ...DUEL,
  ...LEARNER, ...PAXOS, ...TENTATIVE, ...VIEWS,
];
