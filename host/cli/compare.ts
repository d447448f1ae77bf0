import { writeWhole } from "../base/file.js";
import { compare, trialsOf } from "../emulate/compare.js";
import type { Compared, Outcome } from "../emulate/compare.js";
import type { Network } from "../network/network.js";
import { boardsText } from "../network/turns.js";
import { blockedText, compareName, comparedPicture } from "../picture/compared.js";
import { HELD } from "./command.js";
import type { Add } from "./command.js";
import { stopWhereAsked, COLUMNS } from "./report.js";
import { openNetwork } from "./open.js";
import { CYCLES_MAX, SEED_MAX, whole } from "./options.js";
import { checkOutputs } from "./outputs.js";
import { table, wrapped } from "./table.js";

interface Options {
  readonly cycles: number;
  readonly seed: number;
  readonly json?: boolean;
  readonly svg?: string;
}

/** Three views of the usual length. */
const CYCLES = 24;

const cellOf = ({ decided, split, promised }: Outcome): string => {
  const said = split ? `${decided}, split ${split}` : String(decided);
  return promised ? said : `(${said})`;
};

const titleOf = (network: Network): string =>
  `${boardsText(network)}, at most ${network.shape.traitors} faulty, the same readings and faults`;

const milliseconds = (us: number): string => (us / 1000).toFixed(1);

const tableOf = (network: Network, all: readonly Compared[]): string => table(
  [
    { title: "algorithm" }, { title: "bytes", right: true }, { title: "ms", right: true },
    { title: "memory B", right: true },
    ...trialsOf(network).map(({ name }) => ({ title: name, right: true })),
    { title: "blocked", right: true },
  ],
  all.filter(({ unfit }) => unfit === null).map((one) => [
    compareName(one), one.bytes_a_decision ?? "-",
    one.us_a_decision === null ? "-" : milliseconds(one.us_a_decision), one.memory_bytes!,
    ...one.outcomes.map(cellOf), blockedText(one),
  ]),
);

const textOf = (
  network: Network, all: readonly Compared[], { cycles, seed }: Options, columns: number,
): string => {
  const say = (first: string, text: string) => wrapped(first, text.split(" "), columns);
  const [assumed, broken] = (["assumes", "breaks"] as const).map((field) => {
    const names = new Map<string, string[]>();
    for (const one of all.filter(({ unfit }) => unfit === null)) {
      names.set(one[field], [...names.get(one[field]) ?? [], compareName(one)]);
    }
    return names;
  }) as [Map<string, string[]>, Map<string, string[]>];
  const commits = all.filter((one) => blockedText(one) !== "-").map(compareName);
  return [
    say("", `${boardsText(network)}, at most ${network.shape.traitors} faulty, ${
      cycles} cycles of seed ${seed}: bytes on the busiest link and milliseconds for a decision ` +
      "where nothing goes wrong; how many decisions all correct boards shared; in how many " +
      "cycles two of them disagreed (split); and of commits, after how many cycles, all runs " +
      "together, a board waited for an outcome (blocked). In brackets: nothing is promised of it."),
    "\n", tableOf(network, all), "\n",
    ...trialsOf(network).map(({ name, help }) => say(`${name}: `, help)),
    ...commits.length ? [say(`${commits.join(", ")}: `,
      "asked whether all boards are ready, and all are; what they decide may be to abort")] : [],
    "\n",
    ...[...assumed].map(([what, names]) => say(`${names.join("; ")}: `, what)),
    ...[...broken].map(([what, names]) => say(`${names.join("; ")}: `, `what breaks it: ${what}`)),
    ...all.flatMap((one) => (one.unfit === null ? []
      : [say(`${compareName(one)}: `, `not with this network: ${one.unfit}`)])),
  ].join("");
};

export const addCompare: Add = (program, io, finish) => {
  program.command("compare")
    .description("run a network under each algorithm that fits its boards, with the same faults")
    .argument("<network>", "a network file")
    .option("--cycles <number>", "cycles of each run", whole(8, CYCLES_MAX), CYCLES)
    .option("--seed <number>", "the seed of readings and faults", whole(0, SEED_MAX), 1)
    .option("--svg <file>", "draw it")
    .option("--json", "print a JSON object for each algorithm, a line each")
    .addHelpText("after", `
Exit codes: 0 done, 2 bad usage.

Example:
  tagma compare boards/networks/desk.json --svg desk.svg`)
    .action(async (path: string, options: Options) => {
      const { svg, cycles } = options;
      checkOutputs({ svg }, [path]);
      const network = openNetwork(path);
      const all: Compared[] = [];
      await compare(network, options.cycles, options.seed, async (one) => {
        stopWhereAsked(io);
        all.push(one);
        if (options.json) await io.out.write(`${JSON.stringify(one)}\n`);
      });
      if (svg !== undefined) {
        writeWhole(svg, comparedPicture(all, { title: titleOf(network), cycles }));
      }
      if (!options.json) {
        await io.out.write(textOf(network, all, options, io.out.columns ?? COLUMNS));
      }
      finish(HELD);
    });
};
