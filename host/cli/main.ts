#!/usr/bin/env node
import { writeSync } from "node:fs";
import { messageOf } from "../error.js";
import { abandonAll } from "../file.js";
import { DEFECT } from "./command.js";
import { processIo } from "./io.js";
import { run } from "./run.js";

/** As much of an exception's text is shown. */
const SHOWN = 200;

// What nobody caught is a defect. Node would print the line that threw, whatever stands there.
process.on("uncaughtException", (thrown) => {
  abandonAll();
  try {
    const what = messageOf(thrown).slice(0, SHOWN);
    writeSync(2, `tagma: ${what}: this is a defect of tagma, please report it\n`);
  } catch {
    // Nobody is there to be told.
  }
  // Nothing can be relied on any more.
  process.exit(DEFECT);
});

process.exitCode = await run(process.argv.slice(2), processIo());
