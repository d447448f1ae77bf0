import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { describe, it } from "node:test";
import { cli, folder } from "../cli/harness.js";

const MAIN = new URL("../../dist/host/cli/main.js", import.meta.url).pathname;
const EMULATE = ["emulate", "boards/networks/pump.json", "--cycles", "1", "--pace", "real"];

describe("telemetry's options", () => {
  it("are refused with what would be right", async () => {
    const refused = async (words: readonly string[], says: RegExp, pace = EMULATE) => {
      const { code, err, out } = await cli([...pace, ...words]);
      assert.equal(code, 2, words.join(" "));
      assert.match(err, says);
      assert.equal(out, "");
      assert.equal(err.trim().split("\n").length, 1, err);
    };
    for (const port of ["x", "65536", "1:2:3", "-1", "host:", ""]) {
      await refused(["--metrics", port], /--metrics: .*must be PORT or HOST:PORT/);
    }
    for (const url of ["", "broker", "http://broker", "mqtt://", "mqtt:", "mqtt://h?a=1"]) {
      await refused(["--mqtt", url], /--mqtt: must be mqtt:\/\/HOST/);
    }
    await refused(["--mqtt", "mqtt://h/a/#"], /--mqtt: must be/);
    await refused(["--mqtt", "mqtt://h/a/%23"], /no \+ and no #/);
    await refused(["--mqtt", "mqtt://h/%zz"], /two hexadecimal digits/);
    await refused(["--mqtt", "mqtt://u:secret@h"], /TAGMA_MQTT_PASSWORD/);
    const { err } = await cli([...EMULATE, "--mqtt", "mqtt://u:secret@h"]);
    assert.doesNotMatch(err, /secret/);
    const hasty = EMULATE.slice(0, 4);
    await refused(["--metrics", "0"], /--metrics: is for .*--pace real/, hasty);
    await refused(["--mqtt", "mqtt://h"], /--mqtt: is for .*--pace real/, hasty);
  });

  it("that are refused leave nothing behind", async (context) => {
    const counter = join(folder(context), "pump.cycle");
    const ports = ["a", "b", "c", "d"].flatMap((board) => ["--port", `${board}=/dev/${board}`]);
    const { code, err } = await cli(["bus", "boards/networks/pump.json", ...ports,
      "--counter", counter, "--metrics", "x"]);
    assert.equal(code, 2);
    assert.match(err, /^tagma: --metrics: x: must be/);
    assert.ok(!existsSync(counter));
  });

  it("name a port that somebody has", async (context) => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    context.after(() => server.close());
    const { port } = server.address() as AddressInfo;
    const { status, stderr, stdout } = spawnSync(process.execPath,
      [MAIN, ...EMULATE, "--metrics", String(port)], { encoding: "utf8" });
    assert.equal(status, 2);
    assert.match(stderr, new RegExp(`^tagma: --metrics: 127.0.0.1:${port}: nobody can listen`));
    assert.equal(stderr.trim().split("\n").length, 1);
    assert.equal(stdout, "");
  });

  it("change nothing of a run whose broker is not there", () => {
    // A port that nobody has: it was closed a moment ago.
    const { status, stdout, stderr } = spawnSync(process.execPath,
      [MAIN, ...EMULATE, "--json", "--mqtt", "mqtt://127.0.0.1:1"], { encoding: "utf8" });
    const plain = spawnSync(process.execPath, [MAIN, ...EMULATE, "--json"], { encoding: "utf8" });
    assert.equal(status, 0, stderr);
    assert.equal(stdout, plain.stdout);
  });
});
