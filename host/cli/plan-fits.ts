import { bundlesOf } from "../bundle/bundle.js";
import { blankKeys } from "../keys/keys.js";
import { kindIds, kindOf, portOf } from "../network/kinds.js";
import { OPTIMIZE } from "../network/network.js";
import type { Board, Network, Optimize } from "../network/network.js";
import { fitOf, planOf } from "../plan/plan.js";
import type { Fit } from "../plan/plan.js";
import { settingsOf } from "../plan/settings.js";
import { BASES } from "./boards.js";
import { milliseconds } from "./plan-texts.js";
import { table, wrapped } from "./table.js";
import type { Paint } from "./table.js";

/** What a plan says of bundles: their bytes, who holds them, what they may be made for. */

export interface FitTold {
  readonly kind: string;
  /** Null where the arena alone is too large. */
  readonly bundle_bytes: number | null;
  readonly memory_bytes: number;
  readonly blocks: number;
  /** 0: as many as needed. */
  readonly blocks_available: number;
  readonly fits: boolean;
  readonly reason: string;
}

export interface BoardTold extends FitTold {
  readonly board: string;
  readonly compute: string;
  /** Whose bundle was made, where it is another's that does the same: a few bytes may differ. */
  readonly as: string | null;
}

/** The first board's bundle, made for one thing, and what the network takes if all are. */
export interface SettingTold {
  readonly optimize: Optimize;
  readonly bundle_bytes: number;
  readonly blocks: number;
  readonly fits: boolean;
  readonly cycle_us: number;
  /** Whether it is what `tagma bundle` makes. */
  readonly chosen: boolean;
}

const toldOf = (fit: Fit, bundleBytes: number | null): FitTold => ({
  kind: fit.board.kind.id, bundle_bytes: bundleBytes, memory_bytes: fit.memory, blocks: fit.blocks,
  blocks_available: fit.blocksAvailable, fits: fit.fits, reason: fit.reason,
});

/** Where a board's times come from, in words. */
const computedFrom = ({ file: { compute_us: us, speed: own }, kind }: Board): string => {
  if (us !== undefined) return `${us} us, from the network file`;
  if (own !== undefined) return `counted, at a speed of ${own}, from the network file`;
  return `counted, at a speed of ${kind.speed}, ${
    BASES[kind.speed_basis]}; tagma measure tells a board's own`;
};

/** Boards whose bundles do the same, and differ in names of pins and numbers at most. */
const roleOf = (network: Network, board: Board): string => {
  const { number, kind, file, layout } = board;
  const shapeOf = (field: unknown): unknown => (typeof field === "object" && field !== null
    ? "script" in field ? field : { ...field, pin: "" } : field);
  return JSON.stringify([
    layout.commander === number, layout.learner, kind.native, kind.console_away,
    file.enable === undefined,
    shapeOf(file.reading), shapeOf(file.order), shapeOf(file.alarm), settingsOf(network, board),
  ]);
};

type Made = ReadonlyMap<Optimize, string>;

/** Of what was made, what fits first; else the last. */
const chosenOf = (network: Network, board: Board, made: Made): [Optimize, number] => {
  const all = [...made].map(([setting, text]): [Optimize, number] =>
    [setting, Buffer.byteLength(text)]);
  const allowed = settingsOf(network, board);
  const some = all.filter(([setting]) => allowed.includes(setting));
  return some.find(([, bytes]) => fitOf(network, board, bytes).fits) ?? some.at(-1)!;
};

const settingsTold = (network: Network, board: Board, made: Made): SettingTold[] => {
  const [chosen] = chosenOf(network, board, made);
  return OPTIMIZE.filter((setting) => made.has(setting)).map((optimize) => {
    const bytes = Buffer.byteLength(made.get(optimize)!);
    const { blocks, fits } = fitOf(network, board, bytes);
    const { needed } = planOf({ ...network, file: { ...network.file, optimize } });
    return {
      optimize, bundle_bytes: bytes, blocks, fits,
      cycle_us: Math.round((needed * 1e6) / network.file.baud), chosen: optimize === chosen,
    };
  });
};

/**
 * Of boards that do the same one bundle is made, as each takes a second and more; of the first
 * board, one for each setting.
 */
export const fitsOf = async (
  network: Network,
): Promise<{ fits: BoardTold[]; settings: SettingTold[] }> => {
  const fits: BoardTold[] = [];
  const settings: SettingTold[] = [];
  const blank = network.signing && blankKeys(network.signing);
  const roles = new Map<string, { bytes: number; name: string }>();
  for (const board of network.boards) {
    const { name } = board;
    const alone = fitOf(network, board, 0);
    const role = roleOf(network, board);
    // What is too large without its code is not compiled: it may be larger than a compiler takes.
    if (alone.fits && !roles.has(role)) {
      const some = settings.length ? settingsOf(network, board) : OPTIMIZE.toReversed();
      const made = await bundlesOf(network, board, some, blank);
      roles.set(role, { bytes: chosenOf(network, board, made)[1], name });
      if (!settings.length) settings.push(...settingsTold(network, board, made));
    }
    const known = alone.fits ? roles.get(role) : undefined;
    fits.push({
      board: name, ...toldOf(known ? fitOf(network, board, known.bytes) : alone,
        known?.bytes ?? null),
      as: known && known.name !== name ? known.name : null, compute: computedFrom(board),
    });
  }
  return { fits, settings };
};

const NO_CRC = { fits: false, reason: "has no E.CRC32" };

/** The largest of the network's boards, on every kind that there is. */
export const kindsOf = (network: Network, fits: readonly BoardTold[]): FitTold[] => {
  const bytes = Math.max(...fits.map((fit) => fit.bundle_bytes ?? 0));
  const memory = fits.map((fit) => fit.memory_bytes);
  const largest = network.boards[memory.indexOf(Math.max(...memory))]!;
  return kindIds().map((id) => {
    const kind = kindOf(id);
    // Of another kind it would take a port of that kind.
    const port = portOf(kind);
    const fit = fitOf(network, Object.assign({}, largest, { kind, port }), bytes);
    const able = kind.native.crc32 ? fit : Object.assign({}, fit, NO_CRC);
    return toldOf(able, bytes || null);
  });
};

const FITS = [
  { title: "bundle B", right: true }, { title: "memory B", right: true },
  { title: "blocks", right: true }, { title: "of", right: true }, { title: "fits" },
] as const;

const fitCells = (fit: FitTold, paint: Paint) => [
  fit.bundle_bytes ?? "-", fit.memory_bytes, fit.blocks, fit.blocks_available || "as needed",
  fit.fits ? "yes" : paint.red(`NO: ${fit.reason}`),
];

export const fitsText = (fits: readonly BoardTold[], paint: Paint): string => table(
  [{ title: "board" }, { title: "kind" }, ...FITS],
  fits.map((fit) => {
    const [bytes, ...cells] = fitCells(fit, paint);
    return [fit.board, fit.kind, fit.as === null ? bytes! : `~${bytes}`, ...cells];
  }),
);

export const settingsText = (settings: readonly SettingTold[]): string =>
  `what bundles may be made for, of the first board\n${table(
    [
      { title: "optimize" }, { title: "bundle B", right: true }, { title: "blocks", right: true },
      { title: "cycle ms", right: true }, { title: "" },
    ],
    settings.map((one) => [
      one.optimize, one.bundle_bytes, one.blocks, milliseconds(one.cycle_us),
      one.chosen ? "this one" : one.fits ? "" : "does not fit",
    ]),
  )}`;

export const kindsText = (kinds: readonly FitTold[], paint: Paint): string =>
  `the same on every kind there is\n${table(
    [{ title: "kind" }, ...FITS], kinds.map((fit) => [fit.kind, ...fitCells(fit, paint)]),
  )}`;

/** Whether a time was measured is said plainly, of all boards together that have it from there. */
export const computeText = (fits: readonly BoardTold[], columns: number): string => {
  const found = new Map<string, string[]>();
  for (const { board, kind, compute } of fits) {
    const key = `on ${kind}: ${compute}`;
    found.set(key, [...(found.get(key) ?? []), board]);
  }
  return `time to compute\n${[...found].map(([key, names]) =>
    wrapped("  ", `${names.join(", ")} ${key}`.split(" "), columns)).join("")}`;
};
