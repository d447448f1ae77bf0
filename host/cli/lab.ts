import { join } from "node:path";
import { makeFolder, writeWhole } from "../base/file.js";
import { buildPage } from "../lab/build.js";
import { serve } from "../lab/server.js";
import { networkOf } from "../lab/page/run.js";
import { storyIn, linkOf } from "../lab/page/story.js";
import { HELD } from "./command.js";
import type { Add } from "./command.js";
import type { Io } from "./io.js";
import { openNetwork } from "./open.js";
import { SEED_MAX, whole } from "./options.js";

interface Options {
  readonly port: number;
  readonly out?: string;
  readonly seed: number;
}

/** Where a page is, unless told. */
export const PORT = 8765;
export const PORT_MAX = 65_535;
/** Between two looks at whether somebody asked to stop; milliseconds. */
const LOOK = 200;

/** The part of the page's address that has a network in it, "" where none is given. */
const beginningWith = (path: string | undefined, seed: number): string => {
  if (path === undefined) return "";
  const { file } = openNetwork(path);
  // What the page would refuse is refused here.
  networkOf(file);
  const link = linkOf({ network: file, seed, deeds: [] });
  storyIn(link);
  return `#${link}`;
};

const waitForEnd = async (io: Io): Promise<void> => {
  while (io.interrupted === undefined) await io.sleep(LOOK);
};

const labCommand = async (
  path: string | undefined, { port, out, seed }: Options, io: Io,
): Promise<number> => {
  const beginning = beginningWith(path, seed);
  const files = await buildPage("lab");
  if (out !== undefined) {
    makeFolder(out);
    for (const { name, text } of files) writeWhole(join(out, name), text);
    await io.out.write(`${join(out, "index.html")}${beginning}\n`);
    return HELD;
  }
  const server = await serve(files, port, "127.0.0.1");
  try {
    await io.out.write(`${server.address}${beginning}\n`);
    await waitForEnd(io);
  } finally {
    await server.close();
  }
  return HELD;
};

export const addLab: Add = (program, io, finish) => {
  program.command("lab")
    .description("the emulator as a page, in which you make boards lie")
    .argument("[network]", "a network file to begin with")
    .option("--port <n>", "where this computer, and no other, finds it; 0: any that is free",
      whole(0, PORT_MAX), PORT)
    .option("--out <folder>", "write the page there, as files that need no server")
    .option("--seed <n>", "of readings, faults and lies", whole(0, SEED_MAX), 1)
    .addHelpText("after", `
The page runs in the browser: the emulator, the firmware and the judge are in its script. Ctrl-C
ends the server. The page runs no script of a network file: that decision is refused.

Exit codes: 0 done, 2 bad usage.

Examples:
  tagma lab boards/networks/boiler.json
  tagma lab --out lab`)
    .action(async (path: string | undefined, options: Options) => {
      finish(await labCommand(path, options, io));
    });
};
