/**
 * Command lines, network files, tables, traces and answers of boards that are nearly right:
 *
 *     node --import tsx test/fuzz.ts [COUNT, 2000] [SEED] [FIRST, 0]
 *
 * Whatever comes, a command ends by itself with 0, 1 or 2, says why on a line, commands no terminal
 * and leaves nothing half written. Exit 0: all did; 1: some did not, each with what shows it again.
 * The ordinary tests run a few dozen (fuzz/fuzz.soak.ts).
 */
import { SEED } from "./core/random.js";
import { runMutants } from "./fuzz/pool.js";

const PROCESSES = 2;

const count = Number(process.argv[2] ?? 2000);
const seed = Number(process.argv[3] ?? SEED);
const first = Number(process.argv[4] ?? 0);
process.stdout.write(`${count} mutants of seed ${seed}, from ${first} on\n`);
const complaints = await runMutants(seed, first, count, PROCESSES, (done) => {
  if (done % 100 === 0) process.stdout.write(`${done} of ${count}\n`);
});
for (const { mutant: { number, kind, argv }, what } of complaints) {
  const shown = JSON.stringify(argv).slice(0, 300);
  const again = `node --import tsx test/fuzz.ts 1 ${seed} ${number}`;
  process.stdout.write(`${again}: ${kind} ${shown}: ${what.slice(0, 500)}\n`);
}
process.stdout.write(`${complaints.length} of ${count} were wrong\n`);
process.exitCode = complaints.length ? 1 : 0;
