import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { createContext, runInContext } from "node:vm";
import { preludeFor } from "../../host/boards/dialect-setup.js";
import { madeUpKeys } from "../../host/keys/keys.js";
import { provisionScript } from "../../host/keys/provision.js";
import { parseNetwork } from "../../host/network/network.js";
import { cli, exampleOf, folder } from "./harness.js";

const file = (more: object = {}) => ({
  name: "small", algorithm: "sm", traitors: 1, value: "u8", decision: "majority", default: 0,
  baud: 115_200,
  signatures: { trees: [{ lms: "LMS_SHA256_M24_H5", ots: "LMOTS_SHA256_N24_W4" }] },
  boards: ["a", "b", "c"].map((name) => ({ name, kind: "PICO_R1_3" })), ...more,
});

interface Secret {
  seed: string;
  links?: { with: string; key: string }[];
}

describe("tagma keys", () => {
  it("makes keys that tagma bundle takes, and shows no secret", async (context) => {
    const path = folder(context);
    const network = join(path, "small.json");
    const keys = join(path, "keys");
    writeFileSync(network, JSON.stringify(file()));
    const made = await cli(["keys", network, "--out", keys]);
    assert.equal(made.code, 0, made.err);
    const secrets = ["a", "b", "c"].map((name) => join(keys, `${name}.secret.json`));
    const seeds = secrets.map((one) => (JSON.parse(readFileSync(one, "utf8")) as Secret).seed);
    assert.equal(new Set(seeds).size, 3);
    for (const one of secrets) assert.equal(statSync(one).mode & 0o777, 0o600);
    for (const name of ["public.json", "a.once.js", "b.once.js", "c.once.js"]) {
      const text = readFileSync(join(keys, name), "utf8");
      for (const seed of seeds) assert.ok(!text.includes(seed));
    }
    for (const seed of seeds) assert.ok(!(made.out + made.err).includes(seed));
    const bundled = await cli(["bundle", network, "--board", "a", "--keys", keys]);
    assert.equal(bundled.code, 0, bundled.err);
    const held = [...bundled.out.matchAll(/atob\("([^"]+)"\)/g)]
      .map(([, base64]) => Buffer.from(base64!, "base64").toString("latin1")).join("|");
    const bytes = seeds.map((seed) => Buffer.from(seed, "base64").toString("latin1"));
    assert.deepEqual(bytes.map((seed) => held.includes(seed)), [true, false, false]);
    const again = await cli(["keys", network, "--out", keys]);
    assert.equal(again.code, 2);
    assert.match(again.err, /never overwritten/);
    assert.equal((JSON.parse(readFileSync(secrets[0]!, "utf8")) as Secret).seed, seeds[0]);

    const refused = async (text: string, says: RegExp) => {
      writeFileSync(network, text);
      const { code, err } = await cli(["bundle", network, "--board", "a", "--keys", keys]);
      assert.equal(code, 2);
      assert.match(err, says);
      for (const seed of seeds) assert.ok(!err.includes(seed));
    };
    await refused(JSON.stringify(file({ baud: 57_600 })), /another network/);
    await refused(JSON.stringify(file({ signatures: {
      trees: [{ lms: "LMS_SHA256_M24_H5", ots: "LMOTS_SHA256_N24_W2" }],
    } })), /other parameter sets/);
    writeFileSync(secrets[0]!, readFileSync(secrets[1]!));
    await refused(JSON.stringify(file()), /not the secret of board a/);
    writeFileSync(secrets[0]!, seeds[0]!);
    await refused(JSON.stringify(file()), /not what tagma keys has made/);
  });

  it("makes keys for tags, of which each two boards share one, and shows none", async (context) => {
    const path = folder(context);
    const network = join(path, "small.json");
    for (const more of [{ algorithm: "om", traitors: 0, signatures: undefined }, {}]) {
      const keys = join(path, `keys ${Object.keys(more).length}`);
      writeFileSync(network, JSON.stringify(file({ auth: "mac", ...more })));
      const made = await cli(["keys", network, "--out", keys]);
      assert.equal(made.code, 0, made.err);
      const read = (name: string) =>
        JSON.parse(readFileSync(join(keys, `${name}.secret.json`), "utf8")) as Secret;
      const shared = (one: string, other: string) =>
        read(one).links!.find((link) => link.with === other)!.key;
      const all = [["a", "b"], ["a", "c"], ["b", "c"]].map(([one, other]) => {
        assert.equal(shared(one!, other!), shared(other!, one!));
        return shared(one!, other!);
      });
      assert.equal(new Set(all).size, 3);
      assert.equal(statSync(join(keys, "a.secret.json")).mode & 0o777, 0o600);
      assert.equal(existsSync(join(keys, "a.once.js")), !Object.keys(more).length);
      const held = async (name: string) => {
        const { code, out, err } = await cli(["bundle", network, "--board", name, "--keys", keys]);
        assert.equal(code, 0, err);
        return [...out.matchAll(/atob\("([^"]+)"\)/g)]
          .map(([, base64]) => Buffer.from(base64!, "base64").toString("latin1")).join("|");
      };
      for (const [at, name] of ["a", "b", "c"].entries()) {
        const text = await held(name);
        all.forEach((key, pair) => {
          assert.equal(text.includes(Buffer.from(key, "base64").toString("latin1")),
            pair !== 2 - at, "a board has its own links' keys and no other");
        });
      }
      const publicText = readFileSync(join(keys, "public.json"), "utf8");
      for (const key of all) {
        assert.ok(!(made.out + made.err + publicText).includes(key));
      }
      assert.match((await cli(["keys", network, "--out", keys])).err, /never overwritten/);
      const without = await cli(["bundle", network, "--board", "a"]);
      assert.equal(without.code, 2);
      assert.match(without.err, /needs keys: make them by tagma keys/);
      const secret = { ...read("a"), links: read("a").links!.slice(1) };
      writeFileSync(join(keys, "a.secret.json"), JSON.stringify(secret));
      const short = await cli(["bundle", network, "--board", "a", "--keys", keys]);
      assert.match(short.err, /is not the secret of board a/);
      for (const { key } of secret.links) assert.ok(!short.err.includes(key));
    }
  });

  it("is stopped while a tree grows, and leaves nothing", async (context) => {
    const path = folder(context);
    const network = join(path, "high.json");
    const keys = join(path, "keys");
    writeFileSync(network, JSON.stringify(file({ signatures: {
      trees: [{ lms: "LMS_SHA256_M24_H15", ots: "LMOTS_SHA256_N24_W8" }],
    } })));
    // The whole would take hours.
    let looked = 0;
    const { code } = await cli(["keys", network, "--out", keys], {
      interruptedWhen: () => looked++ > 1,
    });
    assert.equal(code, 130);
    assert.deepEqual(readdirSync(path), ["high.json"]);
  });

  it("is needed for a bundle that signs, and not for another", async () => {
    const signed = await cli(["bundle", exampleOf("three"), "--board", "a"]);
    assert.equal(signed.code, 2);
    assert.match(signed.err, /^tagma: --keys: .*tagma keys .*three\.json --out FOLDER\n$/);
    const oral = await cli(["bundle", exampleOf("pump"), "--board", "a", "--keys", "."]);
    assert.equal(oral.code, 2);
    assert.match(oral.err, /oral messages/);
    assert.equal((await cli(["keys", exampleOf("pump"), "--out", "."])).code, 2);
  });
});

describe("what a board is provisioned with", () => {
  const { signing } = parseNetwork(file(), "test");
  const { key } = madeUpKeys(signing!)[0]!;
  const crown = Uint8Array.from({ length: 4000 }, (_, at) => at % 251);
  const run = (files: Map<string, Uint8Array>, script: string) => {
    let said = "";
    const context = createContext({
      nativeDecode: (text: string) => Uint8Array.from(Buffer.from(text, "base64")),
      nativeRead: (name: string) => files.get(name)?.slice() ?? new Uint8Array(),
      nativeWrite: (name: string, bytes: Uint8Array, at = 0, size = bytes.length) => {
        const whole = at ? files.get(name)! : new Uint8Array(size);
        whole.set(bytes, at);
        files.set(name, whole);
      },
      print: (text: string) => {
        said = text;
      },
    });
    const prelude = preludeFor("atob()").replace(
      "function (file, bytes) { nativeWrite(file, bytes);",
      "function (file, bytes, at, size) { nativeWrite(file, bytes, at, size);");
    runInContext(prelude + script, context);
    return said;
  };
  const script = provisionScript(key, crown);

  it("is its crown and two first records, and for another key new ones", () => {
    const files = new Map([["tagma.0", new Uint8Array(8)]]);
    assert.equal(run(files, script), "ready to sign");
    assert.deepEqual(files.get("tagma.2"), crown);
    assert.deepEqual(files.get("tagma.0"), files.get("tagma.1"));
    assert.equal(files.get("tagma.0")!.length, 8);
    const other = provisionScript(key.map((byte) => byte ^ 1), crown);
    assert.equal(run(files, other), "ready to sign");
  });

  it("does nothing where either place has a record of the same key", () => {
    for (const place of ["tagma.0", "tagma.1"]) {
      const files = new Map<string, Uint8Array>();
      run(files, script);
      for (const name of files.keys()) if (name !== place) files.delete(name);
      assert.match(run(files, script), /nothing is changed/);
      assert.deepEqual([...files.keys()], [place]);
    }
  });
});
