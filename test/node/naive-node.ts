/** SPEC.md, "A board", as dull as possible: what a board counts and answers, not what it holds. */
import { naiveExpected, naiveHeader, naiveSpeaks } from "../frame/naive-codec.js";
import type { NaiveShape } from "../frame/naive-codec.js";

export interface NaiveNode {
  /** One line of a script; see `script.ts`. */
  receive(line: string): void;
  state(): {
    /** late, early, stale, duplicate, missed, unread */
    counts: number[];
    foreign: number;
    cycle: number;
    sent: string[];
    orders: number;
  };
}

export const naiveNode = (shape: NaiveShape, self: number): NaiveNode => {
  const closed = shape.traitors + 2;
  let cycle = -1;
  let open = closed;
  let heard: number[] = [];
  let decided = -1;
  let orders = 0;
  let foreign = 0;
  const sent: string[] = [];
  const counts = { late: 0, early: 0, stale: 0, duplicate: 0, missed: 0, unread: 0 };

  const lagOf = (low: number): number => {
    const lag = (cycle - low) % 256;
    return (lag + 512 + 128) % 256 - 128;
  };

  /** NODE.1, and the rest of NODE.2 */
  const count = (lag: number, round: number) => {
    if (lag < 0 || (lag === 0 && round > open)) counts.early++;
    else if (lag > 0) counts.stale++;
    else if (round < open) counts.late++;
    else counts.duplicate++;
  };

  const beacon = (named: number, number: number) => {
    const round = named === 0 ? closed : named;
    const lag = named === 1 ? cycle - number : lagOf(number % 256);
    const counted = lag === 0 ? round > open : named === 1 || (lag < 0 && named > 1);
    if (!counted) {
      count(lag, round);
      return;
    }
    // NODE.3
    if (lag === 0) counts.missed += round - open - 1;
    else counts.missed += round - 1 + (open === closed ? 0 : 1);
    // NODE.4, NODE.5
    if (lag !== 0) {
      cycle = named === 1 ? number : (cycle - lag + 2 ** 32) % 2 ** 32;
      if (naiveSpeaks(shape, self, 1) && named !== 1) counts.unread++;
    }
    open = round;
    heard = [];
    if (named === 0) {
      decided = cycle;
      orders++;
    } else if (naiveSpeaks(shape, self, round)) sent.push(`${self} in ${round} of ${cycle % 256}`);
  };

  return {
    receive(line) {
      const [, opening, round, number] = /^(open|close|round (\d)) ?(?:of )?(\d+)/.exec(line) ?? [];
      if (opening) {
        beacon(opening === "open" ? 1 : Number(round ?? 0), Number(number));
        return;
      }
      const [sender, said, low] = line.split(/ in | of |:/).map(Number) as [number, number, number];
      if (naiveExpected(shape, self, false)(naiveHeader(said, sender)) < 0) {
        foreign++;
        return;
      }
      const lag = lagOf(low);
      if (lag === 0 && said === open && !heard.includes(sender)) heard.push(sender);
      else count(lag, said);
    },
    state: () => ({ counts: Object.values(counts), foreign, cycle: decided, sent, orders }),
  };
};
