import { sourcesOf } from "../bundle/bundle.js";
import type { Board, Network } from "../network/network.js";
import { boardScripts, hasScripts } from "../scripts/scripts.js";
import type { BoardScripts } from "../scripts/scripts.js";
import { isBoxed, preludeFor, waits } from "./dialect-setup.js";

/**
 * @returns what a bundle's scripts run in, if it has any
 * @throws Error where they are in the bundle itself
 */
export const scriptsFor = (
  network: Network, board: Board, text: string,
): BoardScripts | undefined => {
  if (!hasScripts(network, board)) return undefined;
  if (!isBoxed(text)) throw new Error(`board ${board.name}: its scripts are to run in a sandbox`);
  return boardScripts(network, board, sourcesOf(network, board), preludeFor, waits);
};
