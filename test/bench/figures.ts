/**
 * One figure, measured in a process of its own with what some tree has compiled:
 *
 *     node --import tsx test/bench/figures.ts TREE NAME
 *
 * prints how many a second of processor time.
 */
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type * as firmware from "../../firmware/index.js";
import type * as emulation from "../../host/emulate/emulate.js";
import type * as keys from "../../host/keys/keys.js";
import type * as networks from "../../host/network/network.js";
import type * as rows from "../../host/network/readings.js";

const MILLISECONDS = 800;

/** Milliseconds of processor time, so that whatever else a machine does counts for little. */
const spent = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
};

/** The best of a few. */
const best = (run: (times: number) => void): number => {
  let [most, times] = [0, 1];
  for (let part = 0; part < 6; part++) {
    const began = spent();
    let count = 0;
    while (spent() - began < MILLISECONDS / 4) {
      const before = spent();
      run(times);
      count += times;
      if (spent() - before < 5) times *= 2;
    }
    most = Math.max(most, (count * 1e3) / (spent() - began));
  }
  return most;
};

const copy = (to: Uint8Array, at: number, from: Uint8Array, begin: number, end: number) => {
  if (end - begin > 32) to.set(from.subarray(begin, end), at);
  else while (begin < end) to[at++] = from[begin++]!;
};

/** How a core comes to be in its arena. */
type Core = (layout: firmware.Layout) => ReturnType<typeof firmware.oral>;

/**
 * @returns a function that lets a whole network of cores agree once on one-byte values, which are
 *   set, told, resolved, looked at
 */
export const network = (
  layoutOf: typeof firmware.layoutOf, coreOf: Core, boards: number, traitors: number,
): (() => void) => {
  const shape = { boards, traitors, width: 1, commander: -1 };
  const all = Array.from({ length: boards }, (_, self) => layoutOf(shape, self, false));
  const arenas = all.map((one) => new Uint8Array(one.end));
  const cores = all.map((one, self) => coreOf(one)(arenas[self]!));
  let cycle = 0;
  return () => {
    cycle++;
    for (let self = 0; self < boards; self++) {
      const own = all[self]!.levels[0]!;
      arenas[self]![own] = 1;
      arenas[self]![own + 1] = cycle + self;
    }
    for (let round = 1; round <= traitors + 1; round++) {
      for (let sender = 0; sender < boards; sender++) {
        const from = all[sender]!.levels[round - 1]!;
        const end = from + all[sender]!.payloads[round]!;
        for (let receiver = 0; receiver < boards; receiver++) {
          if (receiver === sender) continue;
          const { heard, block } = all[receiver]!;
          copy(arenas[receiver]!, heard + sender * block, arenas[sender]!, from, end);
        }
      }
      for (const one of cores) one.close(round, -1);
    }
    if (cores.some((one) => one.entry(boards - 1) < 0)) throw new Error("⊥ among honest boards");
  };
};

const core = (boards: number, traitors: number) => async (tree: string): Promise<number> => {
  const { layoutOf, oral } = await load<typeof firmware>(tree, "firmware/index.js");
  const once = network(layoutOf, oral, boards, traitors);
  return best((times) => {
    for (let time = 0; time < times; time++) once();
  });
};

const load = async <Module>(tree: string, path: string): Promise<Module> =>
  import(pathToFileURL(join(resolve(tree), "dist", path)).href) as Promise<Module>;

interface Run {
  readonly boards: number;
  readonly cycles: number;
  readonly file?: object;
  readonly transport?: "mock";
  readonly traitor?: string;
}

/** Cycles of an emulation: a run to warm up, and the best of three. */
const emulated = ({ boards, cycles, file, transport, traitor }: Run) =>
  async (tree: string): Promise<number> => {
    const { emulate } = await load<typeof emulation>(tree, "host/emulate/emulate.js");
    const { parseNetwork } = await load<typeof networks>(tree, "host/network/network.js");
    const { madeUp } = await load<typeof rows>(tree, "host/network/readings.js");
    const { madeUpKeys } = await load<typeof keys>(tree, "host/keys/keys.js");
    const shown = parseNetwork({
      name: "bench", algorithm: "om", traitors: 1, value: "u8", decision: "majority", default: 0,
      baud: 115200, ...file,
      boards: Array.from({ length: boards }, (_, at) => ({ name: `b${at}`, kind: "EMULATED" })),
    }, "bench");
    if (shown.signing) madeUpKeys(shown.signing);
    let most = 0;
    for (let run = 0; run < 4; run++) {
      const began = spent();
      await emulate({
        network: shown, cycles, seed: 1, readings: madeUp(shown, 1), engine: "native",
        transport: transport ?? "memory",
        troubles: {
          lines: [],
          traitors: traitor === undefined ? [] : [{ board: 2, name: traitor, parameter: [] }],
        },
      });
      if (run) most = Math.max(most, (cycles * 1e3) / (spent() - began));
    }
    return most;
  };

const TREES = [{ lms: "LMS_SHA256_M24_H10", ots: "LMOTS_SHA256_N24_W4" }];

export interface FigureKind {
  readonly what: string;
  readonly aim: number;
  readonly measure: (tree: string) => Promise<number>;
}

export const FIGURES: Readonly<Record<string, FigureKind>> = {
  "core4": { what: "decisions, core alone, n=4, m=1", aim: 800_000, measure: core(4, 1) },
  "core7": { what: "decisions, core alone, n=7, m=2", aim: 40_000, measure: core(7, 2) },
  "core10": { what: "decisions, core alone, n=10, m=3", aim: 2000, measure: core(10, 3) },
  "core13": { what: "decisions, core alone, n=13, m=4", aim: 0, measure: core(13, 4) },
  "memory": {
    what: "emulated cycles, n=4, memory transport", aim: 50_000,
    measure: emulated({ boards: 4, cycles: 40_000 }),
  },
  "liar": {
    what: "emulated cycles, n=4, memory transport, a liar", aim: 0,
    measure: emulated({ boards: 4, cycles: 10_000, traitor: "random" }),
  },
  "mock": {
    what: "emulated cycles, n=4, mock serial ports", aim: 4000,
    measure: emulated({ boards: 4, cycles: 5000, transport: "mock" }),
  },
  "lbp": {
    what: "emulated ballots, LBP, n=4, memory transport", aim: 10_000,
    measure: emulated({ boards: 4, cycles: 5000, file: { algorithm: "lbp" } }),
  },
  "lfab": {
    what: "emulated ballots, LFaB, n=6, memory transport", aim: 0,
    measure: emulated({ boards: 6, cycles: 3000, file: { algorithm: "lfab" } }),
  },
  "signed": {
    what: "emulated cycles, signed, n=3", aim: 500,
    measure: emulated({
      boards: 3, cycles: 150, file: { algorithm: "sm", signatures: { trees: TREES } },
    }),
  },
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [, , tree = ".", name = ""] = process.argv;
  process.stdout.write(`${await FIGURES[name]!.measure(tree)}\n`);
}
