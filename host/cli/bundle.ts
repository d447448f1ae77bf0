import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { ballotNames } from "../algorithms/registry.js";
import { UsageError } from "../base/error.js";
import { SECRET_MODE, writeWhole } from "../base/file.js";
import { bundle } from "../bundle/bundle.js";
import { isKeyed, keysIn } from "../keys/keyfile.js";
import { birthScript } from "../keys/provision.js";
import { boardNamed } from "../network/network.js";
import type { Board, Network } from "../network/network.js";
import { fitOf } from "../plan/plan.js";
import { HELD } from "./command.js";
import type { Add } from "./command.js";
import { openNetwork } from "./open.js";
import { checkOutputs } from "./outputs.js";

/** @throws UsageError naming the option, the file and the boards that there are */
export const boardIn = (
  network: Network, name: string, path: string, option = "--board",
) => {
  try {
    return boardNamed(network, name);
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown;
    throw new UsageError(`${option}: ${path}: ${thrown.message}`);
  }
};

interface Options {
  readonly board: string;
  readonly out?: string;
  readonly keys?: string;
  readonly once?: boolean;
}

/** Why a board is told nothing of itself. */
export const onlyBallots = (): string =>
  `only boards of ballots, ${ballotNames()}, have to know whether they are new; leave it out`;

/** @throws UsageError where a board has nothing to know of itself */
const birthOf = (board: Board, path: string): string => {
  if (board.layout.ballots) return birthScript(board);
  throw new UsageError(`--once: ${path}: ${onlyBallots()}`);
};

export const addBundle: Add = (program, io, finish) => {
  program.command("bundle")
    .description("make the one .js file that starts by itself on a board")
    .argument("<network>", "a network file")
    .requiredOption("--board <name>", "the board that it is for")
    .option("--keys <folder>", "of a network that signs or tags: what tagma keys has made")
    .option("--once",
      "in its place, of ballots: what is run once on a board that is new, before it")
    .option("--out <file>", "write it there, whole or not at all; else to standard output")
    .addHelpText("after", `
Exit codes: 0 done, 2 bad usage, or the board has no room for it.

For a network of ballots, and a board that you flash by other means than tagma flash: run what
--once gives on the board first, when the network has never run, and never again.

Examples:
  tagma bundle boards/networks/pump.json --board a --out a.js
  tagma bundle boards/networks/press.json --board a --once --out a-once.js`)
    .action(async (path: string, { board: name, out, keys: folder, once }: Options) => {
      const network = openNetwork(path);
      const board = boardIn(network, name, path);
      checkOutputs({ out }, [path]);
      if (once) {
        const script = birthOf(board, path);
        if (out === undefined) await io.out.write(script);
        else writeWhole(out, new TextEncoder().encode(script));
        finish(HELD);
        return;
      }
      const { signing, links } = keysIn(network, board, path, folder);
      const text = await bundle(network, board, signing, links);
      const bytes = new TextEncoder().encode(text);
      const { reason } = fitOf(network, board, bytes.length);
      if (reason) throw new UsageError(`${path}: boards[${board.number}]: ${reason}`);
      if (out === undefined) await (io.out.data ? io.out.data(text) : io.out.write(text));
      // A bundle that signs or tags holds its board's secret.
      else writeWhole(out, bytes, isKeyed(network) ? SECRET_MODE : undefined);
      const digest = bytesToHex(sha256(bytes));
      await io.err.write(
        `${name}: ${bytes.length} bytes for ${board.kind.id}, SHA-256 ${digest}\n`,
      );
      finish(HELD);
    });
};
