/**
 * A cycle of proposers without leases, as a picture: `node --import tsx test/duel.ts FILE`.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cli } from "./cli/harness.js";

const [to = ""] = process.argv.slice(2);
const here = mkdtempSync(join(tmpdir(), "tagma-duel-"));
const [network, trace] = ["duel.json", "duel.trace"].map((name) => join(here, name)) as
  [string, string];
const { boards, ...desk } = JSON.parse(readFileSync("boards/networks/desk.json", "utf8")) as
  { readonly boards: readonly unknown[] };
writeFileSync(network, JSON.stringify({
  ...desk, $schema: undefined, name: "duel", algorithm: "paxos", leases: "none",
  boards: boards.slice(0, 3),
}));
await cli(["emulate", network, "--cycles", "2", "--trace", trace]);
const { code, err } = await cli(["replay", trace, "--cycle", "1", "--svg", to]);
process.stderr.write(err);
process.exitCode = code;
rmSync(here, { recursive: true });
