import assert from "node:assert/strict";
import crypto from "node:crypto";
import fs from "node:fs";
import files from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import { replaceWhole, writeWhole } from "../../host/base/file.js";
import { folder } from "./harness.js";

/** What lies in wait where a file is written beside its place, as if its name could be known. */

const NAME = `.tagma-${"07".repeat(8)}.part`;

const foresee = (context: TestContext): number[] => {
  const { openSync } = fs;
  const { open } = files;
  const flags: number[] = [];
  context.mock.method(crypto, "randomBytes", (count: number) => Buffer.alloc(count, 7));
  context.mock.method(fs, "openSync", (...given: Parameters<typeof openSync>) => {
    flags.push(Number(given[1]));
    return openSync(...given);
  });
  context.mock.method(files, "open", async (...given: Parameters<typeof open>) => {
    flags.push(Number(given[1]));
    return open(...given);
  });
  syncBuiltinESMExports();
  context.after(() => {
    context.mock.restoreAll();
    syncBuiltinESMExports();
  });
  return flags;
};

describe("what waits where a file is written", () => {
  for (const [what, write] of [
    ["at once", async (path: string) => {
      await Promise.resolve();
      writeWhole(path, "new");
    }],
    ["without waiting", async (path: string) => replaceWhole(path, "new")],
  ] as const) {
    it(`gets nothing, and is not taken for it: ${what}`, async (context) => {
      const at = folder(context);
      foresee(context);
      const [path, beside, other] = [join(at, "x"), join(at, NAME), join(at, "other")];
      fs.writeFileSync(other, "mine");
      for (const lay of [
        () => {
          fs.linkSync(other, beside);
        },
        () => {
          fs.symlinkSync(other, beside);
        },
        () => {
          fs.symlinkSync(join(at, "nothing"), beside);
        },
      ]) {
        fs.rmSync(beside, { force: true });
        lay();
        await assert.rejects(write(path));
        assert.equal(fs.existsSync(path), false);
        assert.equal(fs.existsSync(join(at, "nothing")), false);
        assert.equal(fs.readFileSync(other, "utf8"), "mine");
      }
    });

    // Where a disk does not heed the one, the other holds: no disk of a test is such a one.
    it(`is refused in two ways: ${what}`, async (context) => {
      const flags = foresee(context);
      await write(join(folder(context), "x"));
      const { O_CREAT, O_EXCL, O_NOFOLLOW } = fs.constants;
      const made = flags.filter((one) => (one & O_CREAT) !== 0);
      assert.equal(made.length, 1);
      assert.equal(made[0]! & O_EXCL, O_EXCL);
      assert.equal(made[0]! & O_NOFOLLOW, O_NOFOLLOW);
    });
  }
});
