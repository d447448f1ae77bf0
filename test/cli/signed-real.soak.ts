/** Networks that sign on real lines, as the command line has them: their keys, and their stores. */
import assert from "node:assert/strict";
import {
  chmodSync, cpSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync,
  symlinkSync, writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import { LOST, READY, USED } from "../../firmware/auth/lms/store.js";
import { contextBoard } from "../../host/boards/context.js";
import { nativesWith } from "../../host/boards/natives.js";
import { firstFiles, lockStore, openStore, provisionStore } from "../../host/boards/store.js";
import { bundle } from "../../host/bundle/bundle.js";
import { readKeys } from "../../host/keys/keyfile.js";
import { loadNetwork } from "../../host/network/network.js";
import { cli, exampleOf, folder, jsonOf, refused } from "./harness.js";

const PORTS = ["a", "b", "c"].flatMap((name) => ["--port", `${name}=port-${name}`]);

const content = {
  name: "small", algorithm: "sm", traitors: 1, value: "u8", decision: "majority", default: 0,
  baud: 115_200, signatures: {
    trees: [{ lms: "LMS_SHA256_M24_H5", ots: "LMOTS_SHA256_N24_W2" }], reserve: 4,
  },
  boards: ["a", "b", "c"].map((name) => ({ name, kind: "EMULATED" })),
};

const made = async (context: TestContext, more: object = {}) => {
  const at = folder(context);
  const [file, keys] = [join(at, "small.json"), join(at, "keys")];
  writeFileSync(file, JSON.stringify({ ...content, ...more }));
  const { code, err } = await cli(["keys", file, "--out", keys]);
  assert.equal(code, 0, err);
  return { at, file, keys };
};

/** A board whose port never opens, until somebody stops it. */
const started = async (file: string, keys: string, ...words: string[]) => {
  let looks = 0;
  const { code, err, out } = await cli(
    ["board", file, "--board", "a", "--port", "nowhere", "--keys", keys, ...words],
    { interruptedWhen: () => looks++ > 3 });
  assert.equal(out, "");
  return { code, err };
};

describe("tagma board of a network that signs", () => {
  it("is provisioned once, reserves keys, and goes on above them", async (context) => {
    const { file, keys } = await made(context);
    const store = join(keys, "a.store");
    const first = await started(file, keys, "--once");
    assert.equal(first.code, 130);
    assert.match(first.err, /^tagma: a: signs, for 32 cycles more$/m);
    assert.deepEqual(readdirSync(store).toSorted(), ["tagma.0", "tagma.1", "tagma.2"]);
    assert.equal(statSync(join(store, "tagma.0")).mode & 0o777, 0o600);
    // It has reserved the keys of four cycles, and used none: they are lost to it.
    const again = await started(file, keys);
    assert.match(again.err, /^tagma: a: does not sign yet: keys of coming/m);
    assert.equal(readFileSync(join(store, "tagma.0"))[3], 8, "the next block is reserved");
    const twice = await started(file, keys, "--once");
    assert.equal(twice.code, 2);
    assert.match(twice.err, /^tagma: .*tagma\.0: is there, so the board may have signed .*: leave/);
  });

  it("is refused where another process has its store, and has it to its end", async (context) => {
    const { file, keys } = await made(context);
    const store = join(keys, "a.store");
    const release = await lockStore(store);
    // The lock is the folder's, by whatever path, and before anything is written in it.
    for (const more of [["--once"], ["--store", join(keys, "b.store", "..", "a.store")]]) {
      const told = `a\\.store: process ${process.pid} is a board with this store already, .*: ` +
        `stop it first, or remove \\S+/a\\.store/\\.lock\\.${process.pid}\\.\\w+ if that is no `;
      await refused(["board", file, "--board", "a", "--port", "p", "--keys", keys, ...more],
        new RegExp(told, "m"));
    }
    assert.equal(readdirSync(store).length, 1);
    release();
    const seen: string[] = [];
    let looks = 0;
    const { code } = await cli(
      ["board", file, "--board", "a", "--port", "nowhere", "--keys", keys, "--once"],
      { interruptedWhen: () => {
        if (looks++ === 0) seen.push(...readdirSync(store).toSorted());
        return looks > 4;
      } });
    assert.equal(code, 130);
    assert.match(seen[0]!, new RegExp(`^\\.lock\\.${process.pid}\\.`));
    assert.deepEqual(readdirSync(store).toSorted(), ["tagma.0", "tagma.1", "tagma.2"]);
    (await lockStore(store))();
  });

  it("does not sign where its store is gone, torn, or another's, and says so", async (context) => {
    const { at, file, keys } = await made(context);
    const { err } = await started(file, keys);
    assert.match(err, /^tagma: a: does not sign: its store is lost, not whole, or of another key/m);
    const network = loadNetwork(file);
    const [board] = network.boards;
    const { signing } = readKeys(network, board!, keys);
    const text = await bundle(network, board!, signing);
    const store = join(at, "one");
    const [zero, one] = [0, 1].map((place) => join(store, `tagma.${place}`));
    const boots = (what = text) => contextBoard(network, board!, what, () => undefined,
      nativesWith(openStore(store))).state().signer!;
    assert.equal(boots().state, LOST);
    provisionStore(store, firstFiles(board!, signing));
    const fresh = readFileSync(zero!);
    assert.deepEqual(boots(), { state: READY, left: 32 });
    assert.deepEqual(boots(), { state: USED, left: 28 });
    // One place is enough, and the higher one counts; none is not.
    writeFileSync(zero!, readFileSync(zero!).subarray(1));
    assert.deepEqual(boots(), { state: USED, left: 24 });
    writeFileSync(one!, fresh);
    assert.deepEqual(boots(), { state: USED, left: 20 });
    for (const place of [zero!, one!]) writeFileSync(place, new Uint8Array(8));
    assert.equal(boots().state, LOST);
    // The same leaves of another key, whose records these are not.
    rmSync(store, { recursive: true });
    provisionStore(store, firstFiles(board!, { ...signing!, keys: [signing!.keys[1]!] }));
    assert.equal(boots().state, LOST);
  });

  it("needs its own secret of the folder, and nobody else's", async (context) => {
    const { at, file, keys } = await made(context, { auth: "mac" });
    for (const name of ["b", "c"]) rmSync(join(keys, `${name}.secret.json`));
    assert.match((await started(file, keys, "--once")).err, /a: signs/);
    cpSync(join(keys, "a.secret.json"), join(keys, "b.secret.json"));
    await refused(["board", file, "--board", "b", "--port", "p", "--keys", keys],
      /b\.secret\.json: is not the secret of board b/);
    await refused(["board", file, "--board", "c", "--port", "p", "--keys", keys],
      /c\.secret\.json: cannot be read/);
    writeFileSync(file, JSON.stringify({ ...content, auth: "mac", default: 1 }));
    await refused(["board", file, "--board", "a", "--port", "p", "--keys", keys],
      /public\.json: has keys of another network/);
    await refused(["board", file, "--board", "a", "--port", "p", "--keys", join(at, "none")],
      /public\.json: cannot be read: there is no such file/);
    writeFileSync(file, JSON.stringify({ ...content, auth: "mac" }));
    writeFileSync(join(at, "taken"), "");
    await refused(["board", file, "--board", "a", "--port", "p", "--keys", keys,
      "--store", join(at, "taken")], /taken: cannot be made a folder/);
  });
});

describe("what stands for a board's flash", () => {
  it("is its owner's alone, whatever an earlier write left behind", (context) => {
    const at = folder(context);
    const [store, other] = [join(at, "store"), join(at, "other")];
    openStore(store);
    assert.equal(statSync(store).mode & 0o777, 0o700);
    writeFileSync(other, "as it was");
    symlinkSync(other, join(store, ".tagma-0123456789abcdef.part"));
    writeFileSync(join(store, ".tagma-fedcba9876543210.part"), "of a write that was cut");
    const { write } = openStore(store);
    for (const name of ["tagma.0", "tagma.1"]) {
      write(name, Uint8Array.of(7));
      assert.equal(statSync(join(store, name)).mode & 0o777, 0o600);
    }
    assert.equal(readFileSync(other, "utf8"), "as it was");
    assert.deepEqual(readdirSync(store).toSorted(), ["tagma.0", "tagma.1"]);
  });

  it("replaces a file whole, and nothing outside of its folder", (context) => {
    const at = join(folder(context), "deep", "store");
    const store = openStore(at);
    assert.equal(store.read("tagma.0").length, 0);
    store.write("tagma.0", Uint8Array.of(1, 2, 3));
    store.write("tagma.0", Uint8Array.of(4));
    assert.deepEqual([...openStore(at).read("tagma.0")], [4]);
    assert.deepEqual(readdirSync(at), ["tagma.0"]);
    for (const name of ["../x", ".hidden", "a/b", ""]) {
      assert.throws(() => store.read(name));
      assert.throws(() => {
        store.write(name, Uint8Array.of(1));
      });
    }
  });
});

describe("tagma bus of a network that signs", () => {
  const bus = async (file: string, ...words: string[]) =>
    cli(["bus", file, ...PORTS, "--json", ...words]);

  it("takes public keys alone, and begins no cycle that has no keys", async (context) => {
    const { at, file, keys } = await made(context);
    const open = join(at, "open");
    mkdirSync(open);
    renameSync(join(keys, "public.json"), join(open, "public.json"));
    const counter = ["--counter", join(at, "counter")];
    const ran = await bus(file, "--keys", open, "--cycles", "3", ...counter);
    assert.equal(ran.code, 1, "nobody was heard");
    assert.equal(jsonOf(ran.out).length, 4);
    const left = await bus(file, "--keys", open, "--cycles", "30", ...counter);
    assert.equal(left.code, 2);
    assert.match(left.err,
      /signatures: the keys last for 29 cycles more, and 30 are to be run, from cycle 3 on;/);
    // Unless told, as many as there are, and then none.
    const rest = await bus(file, "--keys", open, "--first-cycle", "30", ...counter);
    assert.deepEqual(jsonOf(rest.out).flatMap(({ cycle }) => cycle ?? []), [30, 31]);
    assert.equal(rest.code, 1, "nobody was heard");
    assert.match(rest.err, /^tagma: the keys are used up: /m);
    const none = await bus(file, "--keys", open, ...counter);
    assert.equal(none.code, 2);
    assert.match(none.err, /the keys last no longer, from cycle 32 on; with new keys/);
  });

  it("judges its trace again with the same keys, and says where they lack", async (context) => {
    const { at, file, keys } = await made(context);
    const trace = join(at, "small.trace");
    const counter = ["--counter", join(at, "counter")];
    const ran = await bus(file, "--keys", keys, "--cycles", "2", "--trace", trace, ...counter);
    assert.equal(ran.code, 1, "nobody was heard");
    const again = await cli(["replay", trace, "--keys", keys]);
    assert.equal(again.code, 1, "nobody was heard");
    assert.doesNotMatch(again.out, /not run again/);
    await refused(["replay", trace], /--keys: .*small\.trace is signed, and public\.json/);
    const emulated = join(at, "emulated.trace");
    const { code } = await cli(["emulate", file, "--cycles", "1", "--trace", emulated]);
    assert.equal(code, 0);
    await refused(["replay", emulated, "--keys", keys], /emulation, whose keys are made up/);
  });

  it("says in one line what is wrong with the keys", async (context) => {
    const { file, keys } = await made(context);
    const path = join(keys, "public.json");
    const text = readFileSync(path, "utf8");
    for (const [wrong, told] of [
      ["", /public\.json: is not what tagma keys has made/],
      [text.replace(/"network": "./, '"network": "/'), /public\.json: has keys of another network/],
      [text.replace('"name": "b"', '"name": "x"'), /has keys of other boards than: a, b, c/],
      [text.replaceAll("W2", "W4"), /has keys of other parameter sets/],
    ] as const) {
      writeFileSync(path, wrong);
      await refused(["bus", file, ...PORTS, "--keys", keys], told);
    }
    await refused(["bus", exampleOf("three"), ...PORTS, "--keys", "nowhere"], /no such file/);
    if (process.getuid?.() === 0) return;
    chmodSync(path, 0);
    await refused(["bus", file, ...PORTS, "--keys", keys], /permission is denied/);
  });
});
