import type { Algorithm } from "../base/algorithm.js";
import type { BallotLayout } from "./layout.js";
import type { Close } from "./leader.js";
import type { Promises } from "./decision-log.js";
import type { Views } from "./views.js";

/** No slot is known from which it has carried out nothing before. */
const UNKNOWN = 0xffffffff;

/**
 * LEARN.4: what a learner keeps is what it has carried out, and no promise. Where that is forgotten
 * nothing is written: it may have carried anything out before (LOG.5).
 */
export const bindNothing = ({ stored }: BallotLayout, promises: Promises): Promises => ({
  ballot: promises.ballot,
  from: stored ? promises.from : UNKNOWN,
  acted: promises.acted,
  keep: (ballot, acted, from) => !ballot && promises.keep(0, acted, from),
});

/**
 * A learner of FaB with a leader, after Martin and Alvisi (2005): it hears, decides and acts, and
 * says nothing (docs/leaders.md, LEARN.1 ...).
 *
 * @param reports what boards say of themselves, as it is heard
 */
export const createLearner = (layout: BallotLayout, reports: Algorithm, log: Views): Close => {
  const { exchanges } = layout;
  const { open } = log;
  // It proposes nothing, and no vector is agreed on with it.
  log.open = (ballot) => {
    open(ballot);
    return -1;
  };
  log.entry = () => -1;
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
