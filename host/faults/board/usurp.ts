import { firstRound, lastRound } from "../../../firmware/index.js";
import { createMaster } from "../../topology/wire/master.js";
import type { BoardKind } from "../fault.js";

/** A beacon of the next round, of the end, or of another cycle. */
export const USURP: BoardKind = {
  name: "usurp", on: "board", help: "sends beacons in its slot, which close and open rounds",
  strays: true,
  responds: () => () => undefined,
  invades({ network, prng }) {
    const { boards, members } = network;
    const { layout } = boards[0]!;
    const master = createMaster(network);
    return (board, { number, round, polled, speaker }) => {
      if (board !== speaker || !round) return undefined;
      const last = lastRound(layout, number);
      const what = [round + 1 > last ? 0 : round + 1, 0, 1][prng.below(3)]!;
      const during = what === 1 ? number + 1 + prng.below(300) : number;
      const opens = what === 1 ? firstRound(layout, during) : what;
      const bytes = master.beacon(during, opens, prng.below(members.length)).slice();
      return { board, begins: polled, bytes, lie: true };
    };
  },
};
