#!/usr/bin/env node
import { writeSync } from "node:fs";
import { DEFECT, USAGE } from "./command.js";

/** As much of an exception's text is shown. */
const SHOWN = 200;

/** Some of what is loaded looks where it is as soon as it is there, and would end with a stack. */
const isSomewhere = (): boolean => {
  try {
    return process.cwd() !== "";
  } catch {
    return false;
  }
};

if (isSomewhere()) {
  const [{ visible }, { messageOf }, { abandonAll }, { processIo }, { run }] = await Promise.all([
    import("../base/text.js"), import("../base/error.js"), import("../base/file.js"),
    import("./io.js"),
    import("./run.js"),
  ]);
  // What nobody caught is a defect. Node would print the line that threw, whatever stands there.
  process.on("uncaughtException", (thrown) => {
    abandonAll();
    try {
      const what = visible(messageOf(thrown), SHOWN);
      writeSync(2, `tagma: ${what}: this is a defect of tagma, please report it\n`);
    } catch {
      // Nobody is there to be told.
    }
    // Nothing can be relied on any more.
    process.exit(DEFECT);
  });
  process.exitCode = await run(process.argv.slice(2), processIo());
} else {
  writeSync(2, "tagma: the folder that it is started in is gone: change to another\n");
  process.exitCode = USAGE;
}
