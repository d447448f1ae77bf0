import assert from "node:assert/strict";
import { join } from "node:path";
import { writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { UsageError } from "../../host/base/error.js";
import { Gone } from "../../host/flash/talk.js";
import type { Port } from "../../host/flash/talk.js";
import type { Ports } from "../../host/live/port.js";
import { OLD, boardWith } from "../flash/check.js";
import { createBoard } from "../flash/fake.js";
import type { Board } from "../flash/fake.js";
import { cli, contentOf, exampleOf, folder, jsonOf, linesOf, refused } from "./harness.js";

const PUMP = exampleOf("pump");

/** Made-up boards at made-up ports; their time passes while somebody waits. */
const portsOf = (boards: Readonly<Record<string, Board>>, pulledAfter = Infinity): Ports & {
  readonly open: Ports["open"];
  readonly closed: readonly string[];
} => {
  const closed: string[] = [];
  return {
    closed,
    async list() {
      return Promise.resolve(Object.keys(boards).map((path) =>
        ({ path, manufacturer: "Espruino", vendorId: "0483", productId: "5740" })));
    },
    line: async (path) => Promise.reject(new UsageError(`${path}: cannot be opened: no such port`)),
    async open(path): Promise<Port> {
      await Promise.resolve();
      const board = boards[path];
      if (!board) throw new UsageError(`${path}: cannot be opened: there is no such port`);
      let sent = 0;
      return {
        async write(bytes) {
          await Promise.resolve();
          for (const byte of bytes) {
            if (++sent > pulledAfter) throw new Gone(`${path}: the port was closed`);
            board.take(byte, 0.1);
          }
        },
        async read(milliseconds) {
          await Promise.resolve();
          const until = board.time + milliseconds;
          let bytes = board.said();
          while (!bytes.length && board.time < until) {
            board.pass(until);
            bytes = board.said();
          }
          return bytes;
        },
        async close() {
          await Promise.resolve();
          closed.push(path);
        },
      };
    },
  };
};

describe("tagma flash", () => {
  const argv = ["flash", PUMP, "--board", "a", "--port", "/dev/a"];

  it("puts the bundle on the board, byte for byte, and says so", async () => {
    const board = createBoard();
    const ports = portsOf({ "/dev/a": board });
    const { code, out, err, progress } = await cli(argv, { ports });
    assert.deepEqual(progress, [], "in a pipe");
    const { out: bundle } = await cli(["bundle", PUMP, "--board", "a"]);
    assert.equal(err, "");
    assert.equal(code, 0);
    assert.match(out, new RegExp(`^a: ${bundle.length} bytes on PICO_R1_3 \\(Espruino 2v29\\) at ` +
      "/dev/a, sent by packets, read back and compared, in \\d+\\.\\d s: runs\\n$"));
    assert.equal(board.storage.read("tagma0"), bundle);
    assert.deepEqual(ports.closed, ["/dev/a"]);
  });

  it("has a bar on a terminal; --json prints an object a board", async () => {
    const ports = portsOf({ "/dev/a": createBoard() });
    const { progress, out } = await cli([...argv, "--json"], { ports, columns: 80 });
    assert.ok(progress.length > 6);
    assert.equal(Math.max(...progress), 1);
    assert.equal(progress.at(-1), -1);
    const [one, ...more] = jsonOf(out);
    assert.deepEqual(more, []);
    const { board, port, version, kind, by, sent, now } = one!;
    assert.deepEqual([board, port, version, kind, by, sent, now],
      ["a", "/dev/a", "2v29", "PICO_R1_3", "packets", 1, "runs"]);
  });

  it("--all flashes each board its own, and tells which fails", async () => {
    const boards = {
      "/dev/a": createBoard(), "/dev/b": createBoard(), "/dev/c": createBoard({ kind: "PUCKJS" }),
      "/dev/d": createBoard({ version: "2v04" }),
    };
    const words = ["a", "b", "c", "d"].flatMap((name) => ["--port", `${name}=/dev/${name}`]);
    const { code, out, err } = await cli(["flash", PUMP, "--all", ...words],
      { ports: portsOf(boards) });
    assert.equal(code, 2);
    assert.deepEqual(linesOf(out).map((line) => line.slice(0, 2)), ["a:", "b:", "d:"]);
    assert.match(err, /^tagma: c: \/dev\/c: the board there is PUCKJS .* must be PICO_R1_3\n$/);
    const { out: bundle } = await cli(["bundle", PUMP, "--board", "d"]);
    assert.equal(boards["/dev/d"].storage.read("tagma0"), bundle);
    assert.notEqual(boards["/dev/a"].storage.read("tagma0"), bundle);
    assert.deepEqual(boards["/dev/c"].storage.list(), []);
  });

  it("a cable that is pulled: one line, exit code 1, and the board keeps what it had", async () => {
    const board = boardWith({});
    const { code, out, err } = await cli(argv, { ports: portsOf({ "/dev/a": board }, 4000) });
    assert.equal(code, 1);
    assert.equal(out, "");
    assert.match(err, /^tagma: a: \/dev\/a: .*the port was closed\n$/);
    assert.equal(board.storage.read("tagma0"), OLD);
  });

  it("a port without a board: one line, exit code 1", async () => {
    const { code, err } = await cli([...argv, "--wait", "1"],
      { ports: portsOf({ "/dev/a": createBoard({ busy: true, speed: 0.0001 }) }) });
    assert.equal(code, 1);
    assert.match(err, /^tagma: a: \/dev\/a: no [^\n]*\n$/);
  });

  it("a person who stops it is told what the board has, which starts again", async () => {
    const board = boardWith({});
    const { starts } = board;
    let writes = 0;
    const ports = portsOf({ "/dev/a": board });
    const around = {
      ports: {
        ...ports,
        async open(path: string, baud: number) {
          const port = await ports.open(path, baud);
          return { ...port, async write(bytes: Uint8Array) {
            writes++;
            await port.write(bytes);
          } };
        },
      },
      interruptedWhen: () => writes > 150,
    };
    const { code, err } = await cli(argv, around);
    assert.equal(code, 130);
    assert.match(err, /^tagma: a: stopped: the board boots what it booted before, or [^\n]*\n$/);
    assert.ok(board.starts > starts);
    assert.equal(board.runs?.split(":")[0], "old");
  });

  it("refuses what cannot be meant", async (context) => {
    await refused(["flash", PUMP, "--port", "x"], /--board NAME or --all is needed/);
    await refused([...argv, "--all"], /--board NAME or --all is needed, and not both/);
    await refused(["flash", PUMP, "--board", "a"], /--port: is missing/);
    await refused([...argv, "--port", "/dev/b"], /--port: 2 are given, a board has 1/);
    await refused(["flash", PUMP, "--board", "z", "--port", "x"],
      /--board: .*"z" is not in the network, there are: a, b, c, d/);
    await refused(["flash", PUMP, "--all", "--port", "x"],
      /--port: x: with --all it is BOARD=PATH/);
    await refused(["flash", PUMP, "--all", "--port", "z=x"], /--port: .*"z" is not in the network/);
    await refused(["flash", PUMP, "--all", "--port", "a=x"], /--port: none for b, c, d/);
    await refused(["flash", PUMP, "--all", "--port", "a=x", "--port", "b=x"],
      /b=x: x is another board's already/);
    await refused(["flash", PUMP, "--all", "--port", "a=x", "--port", "a=y"],
      /a=y: a has a port already/);
    await refused([...argv, "--baud", "0"], /--baud .*from 300 to/);
    await refused([...argv, "--wait", "soon"], /--wait .*from 1 to/);
    await refused(["flash", exampleOf("desk"), "--board", "a", "--port", "x"], /no real board/);
    await refused(argv, /^tagma: a: --port: \/dev\/a: cannot be opened: /);
    const path = join(folder(context), "big.json");
    const { boards, ...rest } = contentOf("pump");
    const script = `print("${"x".repeat(60_000)}")`;
    writeFileSync(path, JSON.stringify({ ...rest,
      boards: boards.map((board) => ({ ...board, reading: { script } })) }));
    await refused(["flash", path, "--board", "a", "--port", "x"],
      /boards\[0\]: needs \d+ blocks of memory and PICO_R1_3 has 5100/);
  });
});

describe("tagma ports", () => {
  it("tells which boards answer as what", async () => {
    const empty = createBoard({ kind: "PUCKJS" });
    const cut = createBoard();
    cut.storage.write("tagma0", "tag");
    const foreign = createBoard();
    foreign.storage.write(".bootcde", "print(1)");
    const boards = {
      "/dev/a": boardWith({}), "/dev/b": empty, "/dev/c": cut, "/dev/d": foreign,
      "/dev/e": createBoard({ busy: true }),
    };
    const { code, out } = await cli(["ports"], { ports: portsOf(boards), columns: 120 });
    assert.equal(code, 0);
    const [title, ...rows] = linesOf(out);
    assert.match(title!, /^port +device +board +program$/);
    assert.match(rows[0]!, /a +Espruino 0483:5740 +PICO_R1_3 2v29 +pump a, whole, runs$/);
    assert.match(rows[1]!, /b .*PUCKJS 2v29 +no program$/);
    assert.match(rows[2]!, /c .*unfinished: tagma flash mends it$/);
    assert.match(rows[3]!, /d .*boots code that is not of tagma$/);
    assert.match(rows[4]!, /e .*- +no answer/);
    const { out: json } = await cli(["ports", "--json", "--port", "/dev/a"],
      { ports: portsOf(boards) });
    const [one] = jsonOf(json);
    assert.deepEqual([one!["path"], one!["state"], one!["kind"], one!["runs"]],
      ["/dev/a", "whole", "PICO_R1_3", true]);
  });

  it("sends nothing where it only lists", async () => {
    const board = boardWith({});
    const { out } = await cli(["ports", "--no-ask"], { ports: portsOf({ "/dev/a": board }) });
    assert.match(out, /\/dev\/a .*not asked/);
    assert.equal(board.taken, 0);
  });

  it("says where there is none, and why a port does not open", async () => {
    assert.match((await cli(["ports"])).out, /^no serial port/);
    const { code, out } = await cli(["ports", "--port", "/dev/x"]);
    assert.match(out, /\/dev\/x .*cannot be opened/);
    assert.equal(code, 1);
    assert.equal((await cli(["ports", "--port", "/dev/x", "--no-ask"])).code, 0);
  });
});

describe("tagma console", () => {
  it("answers each line of a pipe", async () => {
    const ports = portsOf({ "/dev/a": boardWith({}) });
    const argv = ["console", "--port", "/dev/a"];
    const good = await cli(argv, { ports, input: "1+1\n\ntagma.id.length\n" });
    assert.deepEqual([good.code, good.out, good.err], [0, "2\n6\n", ""]);
    const bad = await cli(argv, { ports, input: "1\nnothing.there\n2\n" });
    assert.equal(bad.code, 1);
    assert.equal(bad.out, "1\n");
    assert.match(bad.err, /^tagma: line 2: ReferenceError[^\n]*\n$/);
  });

  it("is a terminal where keys are, until Ctrl-]", async () => {
    const ports = portsOf({ "/dev/a": createBoard() });
    const { code, out, err } = await cli(["console", "--port", "/dev/a"],
      { ports, keys: ["1+1\n", "2+", "2\n\u001d", "9\n"] });
    assert.equal(code, 0);
    assert.match(out, /1\+1\r\n=2\r\n>2\+2\r\n=4\r\n>$/);
    assert.match(err, /Ctrl-\] leaves/);
    assert.deepEqual(ports.closed, ["/dev/a"]);
  });

  it("refuses a port that does not open", async () => {
    await refused(["console", "--port", "/dev/x"], /--port: \/dev\/x: cannot be opened/);
    await refused(["console", "--port", ""], /--port: a path is needed, not ""/);
    await refused(["console"], /--port <path>' not specified/);
  });
});

