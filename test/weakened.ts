/**
 * How soon each rule that is taken out of views, PBFT, FaB and Paxos is missed, as a table:
 *
 *     node --import tsx test/weakened.ts [SEED]
 *
 * Views are random runs from a seed, one after the other, until one breaks; Paxos is explored
 * until two values are decided. Seconds are of the processor. Exit 1: a minute is not enough.
 */
import { createRandom } from "./core/random.js";
import { explorePaxos, paxosRules } from "./model/explore-paxos.js";
import { viewRules } from "./model/view-rules.js";
import { runViews } from "./model/views.js";
import { WITHOUT, WITHOUT_FAST, WITHOUT_PAXOS } from "./model/weakened.js";

const MINUTE = 60;
const STATES = 1_000_000;
const seed = Number(process.argv[2] ?? 1982);
const clock = () => process.cpuUsage().user / 1e6;
const print = (...cells: readonly (string | number)[]) =>
  process.stdout.write(`| ${cells.join(" | ")} |\n`);

const row = (name: string, caught: (left: () => boolean) => string) => {
  const began = clock();
  const seconds = () => clock() - began;
  const what = caught(() => seconds() < MINUTE);
  if (!what) process.exitCode = 1;
  print(name, what || "NOT CAUGHT", seconds().toFixed(2));
};

print("without", `found, seed ${seed}`, "seconds");
print("---", "---", "---");
for (const [fast, list] of [[false, WITHOUT], [true, WITHOUT_FAST]] as const) {
  for (const [name, less, keep, , what] of list) {
    const rules = fast ? viewRules(6, 1, true, keep, less) : viewRules(4, 1, false, keep, less);
    const random = createRandom(seed);
    row(`${fast ? "FaB" : "PBFT"}: ${name.replace(", FaB", "")}`, (left) => {
      for (let run = 1; left(); run++) {
        if (runViews(rules, 1, random)[what]) return `${what}, run ${run}`;
      }
      return "";
    });
  }
}
for (const [name, less] of WITHOUT_PAXOS) {
  row(`Paxos: ${name}`, () => {
    const { disagreed, states } = explorePaxos(paxosRules(3, less), STATES);
    return disagreed ? `two values, ${states} states` : "";
  });
}
