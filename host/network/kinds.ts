import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { UsageError } from "../base/error.js";
import { readJson } from "../base/input.js";
import { describeIssue, fields } from "../base/issue.js";
import { VALUE_MAX, shortened } from "../base/text.js";

/**
 * Board kinds are data: one JSON file a kind in `boards/`, with Espruino's ids and field names.
 * Adding a kind is adding a file; this is the only code that reads them.
 */
const schema = fields({
  $schema: z.string().optional(),
  id: z.string(),
  info: fields({
    name: z.string(),
    variables: z.int().min(0),
    default_console: z.string().optional(),
    binary_name: z.string().optional(),
  }),
  chip: fields({
    part: z.string(), family: z.string(), ram: z.number(), flash: z.number(), speed: z.number(),
    usart: z.int(),
  }),
  block_bytes: z.int(),
  block_data_bytes: z.int(),
  code_flash: z.int(),
  console: z.string(),
  console_away: z.string().optional(),
  uarts: z.record(
    z.string(),
    z.union([fields({ tx: z.string(), rx: z.string() }), fields({ path: z.string() })]),
  ),
  devices: z.array(z.string().regex(/^(?:LED|BTN)[1-9]$/)).optional(),
  native: fields({ crc32: z.boolean(), sha256: z.boolean() }),
  input: fields({
    bytes: z.int(), event_bytes: z.int(), event_cost: z.int(), spare: z.int(), source: z.string(),
  }),
  speed: z.number().positive(),
  speed_basis: z.enum(["measured", "benchmark", "scaled", "guess", "by definition"]),
  speed_source: z.string(),
  notes: z.string().optional(),
});

export type Kind = z.infer<typeof schema>;

/** Whether a UART is the console of a kind, and nothing moves it away: it obeys what it hears. */
export const staysConsole = (kind: Kind, port: string): boolean =>
  port === kind.console && kind.console_away === undefined;

/** @returns the UART that a kind has for agreement, unless told */
export const portOf = (kind: Kind): string =>
  Object.keys(kind.uarts).find((name) => !staysConsole(kind, name)) ?? "";

/** The folder with the board kinds: beside the sources, and beside `dist` in the package. */
const folder = (() => {
  const here = dirname(fileURLToPath(import.meta.url));
  return join(here, here.includes(join("dist", "host")) ? "../../.." : "../..", "boards");
})();

/** @returns the ids of all kinds there are. */
export const kindIds = (): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".json") && !name.endsWith(".schema.json"))
    .map((name) => name.slice(0, -".json".length))
    .toSorted();

/** @returns what the files of all kinds hold, by their names */
export const kindFiles = (): Record<string, unknown> =>
  Object.fromEntries(kindIds().map((id) => [`${id}.json`, readJson(join(folder, `${id}.json`))]));

const loaded = new Map<string, Kind>();

/** @throws UsageError naming the kind and those there are */
export const kindOf = (id: string): Kind => {
  const known = loaded.get(id);
  if (known) return known;
  if (!kindIds().includes(id)) {
    const ids = kindIds().join(", ");
    throw new UsageError(`board kind ${
      JSON.stringify(shortened(id, VALUE_MAX))} is unknown, there are: ${ids}`);
  }
  const path = join(folder, `${id}.json`);
  const parsed = schema.safeParse(readJson(path), { reportInput: true });
  if (!parsed.success) throw new UsageError(`${path}: ${describeIssue(parsed.error.issues[0]!)}`);
  loaded.set(id, parsed.data);
  return parsed.data;
};
