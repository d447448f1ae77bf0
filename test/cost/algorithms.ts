/**
 * What each algorithm takes at its smallest n, as a table: bytes of a bundle made for speed, of
 * memory, Espruino's blocks as planned, and millions of instructions a cycle, as valgrind counts
 * them: of cycles 2 to 11, of which with views one is a review, so on average.
 *
 *     ESPRUINO=FILE node --import tsx test/cost/algorithms.ts [ALGORITHM]
 */
import { parseNetwork } from "../../host/network/network.js";
import { ALGORITHMS } from "../../host/algorithms/registry.js";
import type { AlgorithmKind } from "../../host/algorithms/algorithm.js";
import { fitOf, memoryOf } from "../../host/plan/plan.js";
import { costOf } from "./count.js";

const espruino = process.env["ESPRUINO"] ?? "";
if (!espruino) throw new Error("ESPRUINO names no interpreter; give the path of its Linux build");
const print = (...cells: readonly (string | number)[]) =>
  process.stdout.write(`| ${cells.join(" | ")} |\n`);

/** How many boards outvote one that is faulty. */
const leastOf = (algorithm: AlgorithmKind): number =>
  (algorithm.kind === "ballots" ? algorithm.protocol.least(1) : 4);

/** What a network of it agrees on. */
const decidedBy = (algorithm: AlgorithmKind): object => {
  const { phases, accepts } = algorithm.kind === "ballots" ? algorithm.protocol : {};
  return phases === undefined ? { value: "u8", decision: "majority", default: 0 }
    : { value: "bool", decision: "unanimous", default: false,
      ...(accepts ? {} : { commander: "b0" }) };
};

print("algorithm", "n", "bundle", "memory", "blocks", "million instructions");
print("---", "---", "---", "---", "---", "---");
// Signatures are thousands of hashes, which are counted where they are.
for (const algorithm of ALGORITHMS.filter((one) => one.kind === "ballots" || !one.signs)) {
  for (const leases of algorithm.kind === "ballots" && algorithm.unleased ? ["", "none"] : [""]) {
    const name = `${algorithm.name}${leases && ", no leases"}`;
    if (process.argv[2] && process.argv[2] !== name) continue;
    const network = parseNetwork({
      name: "cost", algorithm: algorithm.name, ...(leases && { leases }), traitors: 1,
      ...decidedBy(algorithm), baud: 115_200, optimize: "speed",
      boards: Array.from({ length: leastOf(algorithm) }, (_, at) =>
        ({ name: `b${at}`, kind: "EMULATED" })),
    }, "cost");
    const [board] = network.boards;
    const { bytes, cycle } = await costOf(espruino, network, "speed");
    const memory = memoryOf(network, board!).reduce((sum, term) => sum + term.bytes, 0);
    print(name, network.boards.length, bytes, memory,
      fitOf(network, board!, bytes).blocks, (cycle / 1e6).toFixed(1));
  }
}
