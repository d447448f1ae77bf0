import type { Answer } from "../bus/link.js";
import { actOf, bundle } from "../bundle.js";
import type { Network } from "../network.js";
import { nativeBoard } from "./board.js";
import type { Engine, SimBoard } from "./board.js";
import { contextBoard } from "./context.js";
import { countedAct } from "./espruino.js";
import { createQuickJs } from "./quickjs.js";

/** @returns the boards of a network, each on an engine of its own. */
export const createBoards = async (
  network: Network, engine: Engine, send: Answer,
): Promise<SimBoard[]> => {
  if (engine === "native") return network.boards.map((board) => nativeBoard(network, board, send));
  const texts = await Promise.all(network.boards.map((board) =>
    bundle(network, board, undefined, undefined, countedAct(actOf(network, board)))));
  if (engine === "bundle") {
    return network.boards.map((board) => contextBoard(network, board, texts[board.number]!, send));
  }
  const make = await createQuickJs();
  return Promise.all(
    network.boards.map((board) => make(network, board, texts[board.number]!, send)),
  );
};
