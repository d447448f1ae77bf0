import { actOf, alarmOf, retractOf } from "../bundle/acts.js";
import { bundle } from "../bundle/bundle.js";
import type { Board, Network } from "../network/network.js";
import type { Answer } from "../topology/transport.js";
import { nativeBoard } from "./board.js";
import type { Engine, SimBoard } from "./board.js";
import { contextBoard } from "./context.js";
import { countedAct, countedAlarm, countedRetract } from "./dialect-setup.js";
import { createInterpreted } from "./interpreted.js";
import { createQuickJs } from "./quickjs.js";

/** Bundles that were made, by network and board: a network never changes. */
const made = new WeakMap<Network, Map<number, Promise<string>>>();

/** Scripts of the network file are run elsewhere, in a sandbox, whatever the engine. */
const textOf = async (network: Network, board: Board): Promise<string> => {
  const texts = made.get(network) ?? new Map<number, Promise<string>>();
  made.set(network, texts);
  const text = texts.get(board.number) ??
    bundle(network, board, undefined, undefined,
      countedAct(actOf(network, board, true), board.layout.tentative), true,
      countedAlarm(alarmOf(board.file, true)), countedRetract(retractOf(network, board, true)));
  texts.set(board.number, text);
  return text;
};

/**
 * @param interpreter the path of Espruino, for the engine of that name
 * @returns boards of a network, all of them unless told, each on an engine of its own
 */
export const createBoards = async (
  network: Network, engine: Engine, send: Answer, boards: readonly Board[] = network.boards,
  interpreter = "",
): Promise<SimBoard[]> => {
  if (engine === "native") return boards.map((board) => nativeBoard(network, board, send));
  const texts = await Promise.all(boards.map(async (board) => textOf(network, board)));
  if (engine === "bundle") {
    return boards.map((board, at) => contextBoard(network, board, texts[at]!, send));
  }
  if (engine === "espruino") return createInterpreted(network, boards, texts, send, interpreter);
  const make = await createQuickJs();
  return Promise.all(boards.map((board, at) => make(network, board, texts[at]!, send)));
};

/** Waits for those that run elsewhere. */
export const settle = (boards: readonly SimBoard[]): Promise<void> | undefined => {
  const away = boards.filter(({ settled }) => settled);
  if (!away.length) return undefined;
  return (async () => {
    for (const board of away) await board.settled!();
  })();
};
