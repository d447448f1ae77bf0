import { randomBytes } from "node:crypto";
import { signerNames } from "../algorithms/registry.js";
import { UsageError } from "../base/error.js";
import { oneLine, plural } from "../base/text.js";
import { isKeyed, refuseKeysThere, writeKeys } from "../keys/keyfile.js";
import { plantKeys } from "../keys/keys.js";
import type { BoardKeys } from "../keys/keys.js";
import { createMacKeys } from "../keys/mac.js";
import type { Network } from "../network/network.js";
import type { Signing } from "../network/signatures.js";
import { HELD } from "./command.js";
import type { Add } from "./command.js";
import { NODES } from "./grown.js";
import { Interrupted } from "./io.js";
import type { Io } from "./io.js";
import { openNetwork } from "./open.js";

const random = (bytes: number): Uint8Array => Uint8Array.from(randomBytes(bytes));

/** @throws Interrupted as soon as somebody stops it */
const growKeys = async (
  { boards }: Network, signing: Signing, io: Io,
): Promise<readonly BoardKeys[]> => {
  const bar = io.progress(boards.length * 100);
  try {
    const keys: BoardKeys[] = [];
    for (const { number } of boards) {
      const planted = plantKeys(signing, random);
      while (planted.share() < 1) {
        planted.grow(NODES);
        bar?.update(number * 100 + Math.floor(planted.share() * 100));
        await io.sleep(0);
        if (io.interrupted) throw new Interrupted();
      }
      planted.grow(Infinity);
      keys.push(planted.keys());
    }
    return keys;
  } finally {
    bar?.stop();
  }
};

const makeKeys = async (path: string, folder: string, io: Io): Promise<number> => {
  const network = openNetwork(path);
  const { signing, boards, file } = network;
  if (!isKeyed(network)) {
    throw new UsageError(
      `${path}: algorithm: ${network.agreement.help}, are not signed, only ${
        signerNames()} and "auth": "mac" have keys`);
  }
  refuseKeysThere(network, folder);
  writeKeys(network, {
    ...(signing && { signing: await growKeys(network, signing, io) }),
    ...(file.auth && { links: createMacKeys(boards.length, random) }),
  }, folder);
  const lasts = signing ? `, for ${plural(signing.cycles, "cycle")}` : "";
  const once = signing ? ", *.once.js are run once on each board before its bundle" : "";
  await io.err.write(`${oneLine(
    `${folder}: keys of ${boards.length} boards${lasts}; *.secret.json are secret${once}`)}\n`);
  return HELD;
};

export const addKeys: Add = (program, io, finish) => {
  program.command("keys")
    .description("make the keys of a network that signs or tags, once")
    .argument("<network>", "a network file with \"algorithm\": \"sm\", \"auth\": \"mac\", or both")
    .requiredOption("--out <folder>", "where they are put; nothing there is overwritten")
    .addHelpText("after", `
The folder then has public.json, which anybody may know, and for each board BOARD.secret.json, which
only its owner can read. Where messages are signed, it has BOARD.once.js too. Run that once on the
board before its bundle: it tells the board that no key has been used. A board that loses its
records needs new keys.

Exit codes: 0 done, 2 bad usage.

Example:
  tagma keys boards/networks/three.json --out keys`)
    .action(async (path: string, { out }: { out: string }) => {
      finish(await makeKeys(path, out, io));
    });
};
