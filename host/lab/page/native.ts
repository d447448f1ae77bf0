import { nativeBoard } from "../../boards/board.js";
import type { SimBoard } from "../../boards/board.js";
import type { Board, Network } from "../../network/network.js";
import type { Answer } from "../../topology/transport.js";

/** In place of all engines: in a page, boards are the firmware's own modules. */
export const createBoards = (
  network: Network, _engine: string, send: Answer, boards: readonly Board[] = network.boards,
): SimBoard[] => boards.map((board) => nativeBoard(network, board, send));

export const settle = (): undefined => undefined;

