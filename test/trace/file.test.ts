import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { decodeFirst } from "cborg";
import { encodeItem } from "../../host/base/cbor.js";
import { UsageError } from "../../host/base/error.js";
import type { CycleEvent, TraceEvent } from "../../host/events/events.js";
import { headerOf } from "../../host/trace/check.js";
import { createTraceWriter, openTrace } from "../../host/trace/file.js";
import { bytesOf, networkOf, read, run, sevenBoards, traceOf } from "./runs.js";

const folder = mkdtempSync(join(tmpdir(), "tagma-trace-"));
after(() => {
  rmSync(folder, { recursive: true });
});
const inFolder = (name: string) => join(folder, name);

/** What a decoder that knows nothing of this project reads, and refuses what is not canonical. */
const strict = (bytes: Uint8Array): unknown[] => {
  const items: unknown[] = [];
  for (let rest = bytes; rest.length; ) {
    const [item, after_] = decodeFirst(rest, {
      strict: true, allowIndefinite: false, allowUndefined: false, allowNaN: false,
      allowInfinity: false, rejectDuplicateMapKeys: true,
    }) as [unknown, Uint8Array];
    items.push(item);
    rest = after_;
  }
  return items;
};

const plain = (item: unknown): unknown => structuredClone(item);

describe("a trace", () => {
  test("is read as it was written, and by a strict decoder too", async () => {
    const lying = await run({ traitors: ["c=equivocate"], faults: ["drop=0.05", "flip=0.05"] });
    const values = [
      lying,
      await run({ network: sevenBoards(), traitors: ["c=collude", "f=random"] }),
      await run({ network: networkOf({ value: "bool", default: false }), traitors: ["a=silent"] }),
      await run({ network: networkOf({ value: { bytes: 3 }, default: "000000" }) }),
      await run({ network: networkOf({ value: "i32", default: -7 }), traitors: ["b=crash:0.1"] }),
      await run({ network: networkOf({ commander: "b" }) }),
      await run({ network: networkOf({ traitors: 0, decision: { script: "0.1" } }, "x y") }),
    ];
    for (const one of values) {
      const bytes = bytesOf(one);
      assert.deepEqual(read(bytes), one);
      assert.deepEqual(strict(bytes), [one.header, ...one.events].map(plain));
    }
    const shown = values.flatMap(({ events }) => events)
      .filter((event): event is CycleEvent => event.e === "cycle")
      .flatMap(({ inputs, orders, vectors }) => [...inputs, ...orders, ...vectors.flat()]);
    for (const kind of ["boolean", "string", "number"]) {
      assert.ok(shown.some((value) => typeof value === kind), `no ${kind} is in these traces`);
    }
    assert.ok(shown.includes(null) && shown.some((value) => Math.fround(Number(value)) % 1));
  });

  test("has numbers above 2^32, and each part of a file is read", async () => {
    const { header, events } = await run();
    const late = events.map((event): TraceEvent => ({ ...event, t: event.t + 2 ** 41 }));
    const bytes = bytesOf({ header, events: late });
    assert.deepEqual(strict(bytes)[1], plain(late[0]));
    for (const part of [1, 7, 4096, bytes.length]) {
      assert.deepEqual([...traceOf(bytes, part).events()], late, `in parts of ${part}`);
    }
  });

  test("can be read twice, and its header without its events", async () => {
    const one = await run();
    const trace = traceOf(bytesOf(one));
    assert.deepEqual([...trace.events()], [...trace.events()]);
    const cut = bytesOf(one).subarray(0, encodeItem(one.header).length);
    assert.deepEqual(traceOf(cut).header, one.header);
  });

  test("is the same for the same seed, over both links, and another for another seed", async () => {
    const order = { traitors: ["c=random"], faults: ["drop=0.02", "noise=0.02"], cycles: 4 };
    const first = bytesOf(await run(order));
    assert.deepEqual(bytesOf(await run(order)), first);
    assert.deepEqual(bytesOf(await run({ ...order, change: { transport: "mock" } })), first);
    assert.notDeepEqual(bytesOf(await run({ ...order, seed: 2 })), first);
  });
});

describe("a trace file", () => {
  test("is there once it is finished, and not before", async () => {
    const one = await run({ network: sevenBoards(), cycles: 8 });
    const path = inFolder("whole.trace");
    const writer = createTraceWriter(path, one.header);
    for (const event of one.events) writer.write(event);
    const before = readdirSync(folder);
    assert.deepEqual(before.filter((name) => name === "whole.trace"), []);
    const part = before.find((name) => name.endsWith(".part")) ?? "";
    assert.ok(statSync(inFolder(part)).size > 65536, "a long run is not kept in memory");
    writer.finish();
    assert.deepEqual(readdirSync(folder), ["whole.trace"]);
    assert.deepEqual(readFileSync(path), bytesOf(one));
    assert.deepEqual([...openTrace(path).events()], one.events);
    writer.abandon();
    assert.deepEqual(readdirSync(folder), ["whole.trace"]);
  });

  test("leaves nothing behind when it is abandoned, and what was there before", async () => {
    const one = await run();
    for (const times of [1, 2]) {
      const writer = createTraceWriter(inFolder("whole.trace"), one.header);
      writer.write(one.events[0]!);
      for (let time = 0; time < times; time++) writer.abandon();
    }
    assert.deepEqual(readdirSync(folder), ["whole.trace"]);
    assert.equal(openTrace(inFolder("whole.trace")).header.network.name, "seven");
  });

  test("that cannot be written is one line that names it", async () => {
    const { header } = await run();
    const refused = (path: string, why: RegExp) => {
      assert.throws(() => createTraceWriter(path, header), (thrown: Error) => {
        assert.ok(thrown instanceof UsageError);
        assert.match(thrown.message, why);
        assert.ok(thrown.message.startsWith(`${path}: cannot be written: `));
        return !thrown.message.includes("\n");
      });
    };
    refused(inFolder("no/such.trace"), /there is no such file or folder$/);
    refused(folder, /it is a folder$/);
    refused(inFolder("whole.trace/x"), /a part of its path is no folder$/);
    assert.deepEqual(readdirSync(folder), ["whole.trace"]);
  });

  test("whose disk is full is one line that names it, and leaves nothing behind", () => {
    const path = inFolder("long.trace");
    const program = fileURLToPath(new URL("endless.ts", import.meta.url));
    // The shell's limit on the size of files stands for the disk's.
    const { stdout, stderr, status } = spawnSync("sh", [
      "-c", 'trap "" XFSZ; ulimit -f 256; exec "$0" --import tsx "$1" "$2"',
      process.execPath, program, path,
    ], { encoding: "utf8" });
    const told = `${path}: cannot be written: it would be larger than files may be\n`;
    assert.equal(stdout, told, stderr);
    assert.equal(status, 0, stderr);
    assert.deepEqual(readdirSync(folder), ["whole.trace"]);
  });

  test("is not begun for a network whose text cannot be kept", () => {
    const header = headerOf(networkOf({ name: "\ud800" }), {
      seed: 1, cycles: 1, faults: [], traitors: [],
    });
    assert.throws(() => createTraceWriter(inFolder("odd.trace"), header), {
      name: "UsageError", message: /odd\.trace: cannot be written: .* no Unicode$/,
    });
  });

  test("that is not there is one line that names it", () => {
    assert.throws(() => openTrace(inFolder("none.trace")), {
      name: "UsageError",
      message: `${inFolder("none.trace")}: cannot be read: there is no such file or folder`,
    });
    const message = `${folder}: cannot be read: it is a folder`;
    assert.throws(() => openTrace(folder), { message });
  });
});
