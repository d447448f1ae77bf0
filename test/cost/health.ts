import { watchCost } from "../../host/plan/compute.js";
import { parseNetwork } from "../../host/network/network.js";
import { costOf } from "./count.js";

/**
 * What it takes a board to watch the others, beside what is planned for that: instructions of a
 * bundle with `"health"` less those of one without, under valgrind. It fails where the plan is
 * less. `ESPRUINO=… node --import tsx test/cost/health.ts [BOARDS…]`
 */

interface Case {
  readonly name: string;
  readonly health: object;
  readonly bytes?: number;
  /** What a board puts in: what takes the longest. */
  readonly put: (cycle: number, board: number, boards: number) => number;
}

const CASES: readonly Case[] = [
  // Two camps: nobody is outvoted early.
  { name: "majority", health: {}, put: (cycle, board) => (board & 1) + 2 * (cycle & 1) },
  { name: "stuck", health: { stuck: 9 }, put: (cycle, board) => board + 100 * (cycle & 1) },
  // From the highest to the lowest, so that each is put before all others.
  {
    name: "median", health: { tolerance: 3, range: [0, 250], stuck: 9 },
    put: (cycle, board) => 200 - 3 * board + (cycle & 1),
  },
  // All the same, so that each byte is compared.
  { name: "rows", health: { stuck: 9 }, bytes: 16, put: () => 7 },
];

const networkOf = (boards: number, { bytes }: Case, health: object | undefined) => parseNetwork({
  name: "watched", optimize: "size", algorithm: "om", traitors: 1, decision: "majority",
  baud: 115_200,
  value: bytes === undefined ? "u8" : { bytes },
  default: bytes === undefined ? 0 : "00".repeat(bytes), ...(health ? { health } : {}),
  boards: Array.from({ length: boards }, (_, at) => ({ name: `b${at}`, kind: "ESP32" })),
}, "watched");

const espruino = process.env["ESPRUINO"];
if (espruino === undefined || espruino === "") {
  process.stderr.write("test/cost/health.ts: ESPRUINO names no interpreter\n");
  process.exitCode = 2;
} else {
  const sizes = process.argv.slice(2).map(Number);
  for (const boards of sizes.length ? sizes : [4, 7, 16]) {
    for (const one of CASES) {
      const readings = (cycle: number) => Array.from({ length: boards }, (_, board) => {
        const value = one.put(cycle, board, boards);
        return one.bytes === undefined ? value : new Uint8Array(one.bytes).fill(value);
      });
      const watched = networkOf(boards, one, one.health);
      const [long, short] = [
        await costOf(espruino, watched, "size", readings),
        await costOf(espruino, networkOf(boards, one, undefined), "size", readings),
      ];
      const took = Math.round((long.cycle - short.cycle) / 1000);
      const planned = Math.round(watchCost(watched, watched.boards[0]!) / 1000);
      process.stdout.write(`${boards} boards, ${one.name}: ${took} k, planned ${planned} k${
        took > planned ? ": TOO LITTLE" : ""}\n`);
      if (took > planned) process.exitCode = 1;
    }
  }
}
