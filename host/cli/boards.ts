import { kindIds, kindOf } from "../network/kinds.js";
import type { Kind } from "../network/kinds.js";
import { HELD } from "./command.js";
import type { Add } from "./command.js";
import { COLUMNS } from "./report.js";
import { table, wrapped } from "./table.js";

/** How sure a kind's speed is, in words. */
export const BASES: Readonly<Record<Kind["speed_basis"], string>> = {
  "measured": "measured", "benchmark": "from a public benchmark",
  "scaled": "scaled from another kind", "guess": "a guess", "by definition": "by definition",
};

const uartsOf = ({ uarts }: Kind): string[] =>
  Object.entries(uarts).map(([name, uart]) =>
    ("path" in uart ? `${name} ${uart.path}` : `${name} ${uart.tx}/${uart.rx}`));

/** Below so many columns, what is not needed to choose a board is left out. */
const WIDE = 125;

const tableOf = (kinds: readonly Kind[], columns: number): string => {
  const wide = columns >= WIDE;
  return table(
    [
      { title: "id" }, ...(wide ? [{ title: "name" }, { title: "chip" }] : []),
      { title: "MHz", right: true }, { title: "blocks", right: true },
      { title: "code B", right: true }, { title: "UARTs" }, { title: "console" },
      { title: "CRC-32" },
    ],
    kinds.map((kind) => [
      kind.id, ...(wide ? [kind.info.name, kind.chip.part] : []),
      kind.chip.speed > 0 ? kind.chip.speed : "-", kind.info.variables || "any", kind.code_flash,
      Object.keys(kind.uarts).join(" "), kind.console, kind.native.crc32 ? "yes" : "no",
    ]),
  );
};

const oneOf = (kind: Kind, columns: number): string => {
  const { info, chip, native } = kind;
  const lines: readonly (readonly [string, string])[] = [
    ["chip", `${chip.part}, ${chip.speed > 0 ? `${chip.speed} MHz, ` : ""}${chip.ram} KiB of RAM, ${
      chip.flash} KiB of flash`],
    ["memory", `${info.variables || "as many as needed:"} blocks of ${kind.block_bytes} bytes, ${
      kind.block_data_bytes} of them data`],
    ["code", `${kind.code_flash} bytes in flash`],
    ["UARTs", `${uartsOf(kind).join(", ")} (tx/rx)`],
    ["console", kind.console_away === undefined
      ? kind.console
      : `${kind.console}; bundles begin with ${kind.console_away}`],
    ["native", `CRC-32: ${native.crc32 ? "yes" : "no"}, SHA-256: ${native.sha256 ? "yes" : "no"}`],
    ["speed", `${kind.speed} (the Linux build: ${kindOf("LINUX").speed}); ${
      BASES[kind.speed_basis]}: ${kind.speed_source}`],
    ["notes", kind.notes ?? "none"],
  ];
  const told = lines.map(([name, text]) =>
    wrapped(`  ${name.padEnd(9)}`, text.split(" "), columns));
  return `${kind.id}: ${info.name}\n${told.join("")}`;
};

export const addBoards: Add = (program, io, finish) => {
  program.command("boards")
    .description("list the board kinds that there are, or show one")
    .argument("[id]", "a board kind's id")
    .option("--json", "print them as one JSON object a line")
    .addHelpText("after", `
Exit codes: 0 done, 2 bad usage.

Example:
  tagma boards PICO_R1_3`)
    .action(async (id: string | undefined, { json }: { json?: boolean }) => {
      const kinds = (id === undefined ? kindIds() : [id]).map(kindOf);
      const columns = io.out.columns ?? COLUMNS;
      if (json) await io.out.write(kinds.map((kind) => `${JSON.stringify(kind)}\n`).join(""));
      else if (id === undefined) await io.out.write(tableOf(kinds, columns));
      else await io.out.write(oneOf(kinds[0]!, columns));
      finish(HELD);
    });
};
