import type { Algorithm } from "../base/algorithm.js";
import type { DecisionLog } from "./decision-log.js";
import type { BallotLayout } from "./layout.js";
import type { Close } from "./leader.js";

/**
 * A learner of FaB with a leader, after Martin and Alvisi (2005): it hears, decides and acts, and
 * says nothing (docs/leaders.md, LEARN.1 ...).
 *
 * @param reports what boards say of themselves, as it is heard
 */
export const createLearner = (
  layout: BallotLayout, reports: Algorithm, log: DecisionLog,
): Close => {
  const { exchanges } = layout;
  return (round, from) => {
    // LEARN.2: records as their boards say them, and then claims.
    if (round === 1) {
      reports.close(round, from);
      log.gather();
    } else if (round === exchanges + 1) log.learn(from);
    // LEARN.3
    else if (round > exchanges) log.decide(log.tally(from));
  };
};
