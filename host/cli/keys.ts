import { randomBytes } from "node:crypto";
import { UsageError } from "../error.js";
import { createKeys } from "../keys.js";
import type { BoardKeys } from "../keys.js";
import { refuseKeysThere, writeKeys } from "../keyfile.js";
import { HELD } from "./command.js";
import type { Add } from "./command.js";
import { Interrupted } from "./io.js";
import type { Io } from "./io.js";
import { openNetwork } from "./open.js";

const makeKeys = async (path: string, folder: string, io: Io): Promise<number> => {
  const network = openNetwork(path);
  const { signing, boards } = network;
  if (!signing) {
    throw new UsageError(
      `${path}: algorithm: oral messages are not signed, only "sm" has keys`);
  }
  refuseKeysThere(network, folder);
  const keys: BoardKeys[] = [];
  const bar = io.progress(boards.length * 100);
  try {
    for (const { number } of boards) {
      await io.sleep(0);
      if (io.interrupted) throw new Interrupted();
      keys.push(createKeys(signing, (bytes) => Uint8Array.from(randomBytes(bytes)), (share) => {
        bar?.update(number * 100 + Math.floor(share * 100));
      }));
    }
  } finally {
    bar?.stop();
  }
  writeKeys(network, keys, folder);
  await io.err.write(`${folder}: keys of ${boards.length} boards, for ${signing.cycles} cycles; ` +
    "*.secret.json are secret, *.once.js are run once on each board before its bundle\n");
  return HELD;
};

export const addKeys: Add = (program, io, finish) => {
  program.command("keys")
    .description("make the keys of a network whose messages are signed, once")
    .argument("<network>", "a network file with \"algorithm\": \"sm\"")
    .requiredOption("--out <folder>", "where they are put; nothing there is overwritten")
    .addHelpText("after", `
In the folder there are then: public.json, which anybody may know; for each board BOARD.secret.json,
which only its owner can read; and BOARD.once.js, to be run once on the board before its bundle: it
tells the board that no key has been used. A board that loses its records needs new keys.

Exit codes: 0 done, 2 bad usage.

Example:
  tagma keys boards/networks/three.json --out keys`)
    .action(async (path: string, { out }: { out: string }) => {
      finish(await makeKeys(path, out, io));
    });
};
