import { nativeBoard } from "../../host/boards/board.js";
import type { SimBoard } from "../../host/boards/board.js";
import type { Network } from "../../host/network/network.js";
import { createMaster } from "../../host/topology/wire/master.js";

export interface NodeWire {
  readonly boards: readonly SimBoard[];
  /** Polls a board: all hear the beacon, and then whatever was said. */
  readonly tell: (cycle: number, round: number, speaker: number) => void;
}

/**
 * Boards of a network on one wire, all of which read a 7.
 *
 * @param lost whether a board does not hear what is said in a round
 */
export const createNodeWire = (
  network: Network, lost: (cycle: number, round: number, to: number) => boolean = () => false,
): NodeWire => {
  const master = createMaster(network);
  const sent: { number: number; frame: Uint8Array }[] = [];
  const boards = network.boards.map((board) => nativeBoard(network, board,
    (number, bytes, from, end) => {
      sent.push({ number, frame: bytes.slice(from, end) });
    }));
  for (const board of boards) board.reading = 7;
  return {
    boards,
    tell(cycle, round, speaker) {
      const beacon = master.beacon(cycle, round, speaker).slice();
      for (const board of boards) board.receive(beacon);
      for (const { number, frame } of sent.splice(0)) {
        for (const [to, board] of boards.entries()) {
          if (to !== number && !lost(cycle, round, to)) board.receive(frame);
        }
      }
    },
  };
};
