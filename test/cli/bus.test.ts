import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { cli, exampleOf, refused } from "./harness.js";

const DESK = exampleOf("desk");
const ports = (names: string) =>
  Array.from(names).flatMap((name) => ["--port", `${name}=port-${name}`]);

describe("tagma bus and tagma board", () => {
  it("refuse on one line what cannot be meant", async () => {
    await refused(["bus", DESK, ...ports("abc")], /--port: none for d$/m);
    await refused(["bus", DESK, ...ports("abcda")], /port-a: a has a port already/);
    await refused(["bus", DESK, ...ports("abc"), "--port", "d=port-a"], /is another board/);
    await refused(["bus", DESK, ...ports("abcx")], /"x" is not in the network/);
    await refused(["bus", DESK, "--port", "a"], /--port: a: must be BOARD=PATH/);
    await refused(["bus", DESK, ...ports("abcd"), "--traitor", "c=silent"], /for tagma emulate/);
    await refused(["bus", DESK, ...ports("abcd"), "--readings", "nowhere.csv"], /no such file/);
    await refused(["bus", DESK, ...ports("abcd"), "--trace", DESK], /is an input already/);
    const signed = exampleOf("three");
    await refused(["bus", signed, ...ports("abc")], /algorithm: signed networks cannot be run/);
    await refused(["board", signed, "--board", "a", "--port", "p"], /signed networks cannot/);
    await refused(["board", DESK, "--board", "x", "--port", "p"], /"x" is not in the network/);
    await refused(["board", DESK, "--board", "a", "--port", ""], /--port: a path is needed/);
  });

  it("go on where no port can be opened, and tell so", async () => {
    const { code, out } = await cli(["bus", DESK, ...ports("abcd"), "--cycles", "3"]);
    assert.equal(code, 0);
    assert.match(out, /a is away: port-a: cannot be opened: no such port/);
    assert.match(out, /nothing held and nothing broke; in 3 cycles more than 1 failed/);
  });

  it("show an example each", async () => {
    for (const name of ["bus", "board"]) {
      const { code, out } = await cli([name, "--help"]);
      assert.equal(code, 0);
      assert.match(out, new RegExp(`Examples?:\\n[^]*tagma ${name} `));
    }
  });
});
