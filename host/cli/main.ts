#!/usr/bin/env node
import { USAGE } from "./command.js";

/** Some of what is loaded looks where it is as soon as it is there, and would end with a stack. */
const isSomewhere = (): boolean => {
  try {
    return process.cwd() !== "";
  } catch {
    return false;
  }
};

if (isSomewhere()) {
  const [{ processIo }, { run }] = await Promise.all([import("./io.js"), import("./run.js")]);
  process.exitCode = await run(process.argv.slice(2), processIo());
} else {
  process.stderr.write("tagma: the folder that it is started in is gone: change to another\n");
  process.exitCode = USAGE;
}
