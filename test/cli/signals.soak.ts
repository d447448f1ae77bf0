import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

/** The process itself, asked to stop. */

const IO = new URL("../../host/cli/io.ts", import.meta.url).pathname;

it("stops once where it is asked twice at once, and at once where it is asked again", async () => {
  const script = `import { processIo } from ${JSON.stringify(IO)};
    const io = processIo();
    process.stdout.write("begins");
    while (!io.interrupted) await io.sleep(10);
    process.stdout.write(io.interrupted);
    while (true) await io.sleep(10);`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script],
    { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  await once(child.stdout, "data");
  // As from a terminal, and from the shell that had it from there too.
  child.kill("SIGINT");
  await sleep(50);
  child.kill("SIGINT");
  await sleep(1000);
  assert.equal(child.exitCode ?? child.signalCode, null);
  assert.equal(said, "beginsSIGINT");
  child.kill("SIGTERM");
  assert.deepEqual(await ended, [null, "SIGTERM"]);
});
