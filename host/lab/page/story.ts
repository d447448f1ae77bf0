import type { Phase } from "../../faults/phases.js";
import type { Troubles } from "../../faults/asked.js";
import { parseFaults, parseTraitors } from "../../faults/troubles.js";
import { traitorKind } from "../../faults/registry.js";
import { parseJson } from "../../base/json.js";
import type { Shown, Value } from "../../base/values.js";
import type { Network } from "../../network/network.js";
import { madeUp } from "../../network/readings.js";
import type { Readings } from "../../network/readings.js";

/** What a person did, in which cycle: the whole of a run, with the network and the seed. */
export interface Deed {
  readonly at: number;
  readonly board: string;
  /** A behaviour as `--traitor` has it, "" for none; */
  readonly does?: string;
  /** whether its line is cut; */
  readonly cut?: boolean;
  /** what its sensor shows from now on, null: nothing, "auto": what is made up. */
  readonly shows?: Shown;
}

export interface Story {
  readonly network: unknown;
  readonly seed: number;
  readonly deeds: readonly Deed[];
  /** The cycle to go to at once; 0 unless told. */
  readonly to?: number;
}

/** What a person has done to a board by a cycle. */
export interface Doing {
  readonly does: string;
  readonly cut: boolean;
  readonly shows: Shown;
}

const NOTHING: Doing = { does: "", cut: false, shows: "auto" };

/** @returns by board, what holds in a cycle */
export const doingsIn = (
  { boards }: Network, deeds: readonly Deed[], cycle: number,
): Doing[] => boards.map(({ name }) => deeds
  .filter(({ at, board }) => at <= cycle && board === name)
  .reduce<Doing>((before, { does, cut, shows }) => ({
    does: does ?? before.does, cut: cut ?? before.cut,
    shows: shows === undefined ? before.shows : shows,
  }), NOTHING));

/** A behaviour that begins in a cycle begins in the one in which somebody chose it. */
const wordOf = (network: Network, name: string, board: string, since: number): string => {
  const { parameter } = traitorKind(network, name);
  if (!parameter) return `${board}=${name}`;
  const cycles = parameter.means.startsWith("CYCLE");
  const [, second = 1] = parameter.fallback;
  return cycles ? `${board}=${name}:${since}.${Math.min(second, network.rounds)}`
    : `${board}=${name}`;
};

/** @returns what goes wrong in a cycle, as the command line has it */
export const wordsIn = (network: Network, deeds: readonly Deed[], cycle: number) => {
  const doings = doingsIn(network, deeds, cycle);
  const traitors = doings.flatMap(({ does }, at) => {
    const { name } = network.boards[at]!;
    const since = deeds.findLast((deed) =>
      deed.at <= cycle && deed.board === name && deed.does === does)?.at ?? 0;
    return does ? [wordOf(network, does, name, since)] : [];
  });
  return {
    traitors, faults: doings.flatMap(({ cut }, board) =>
      (cut ? [`drop@${network.boards[board]!.name}=1`] : [])),
  };
};

/** @throws UsageError where a behaviour means nothing in this network */
export const troublesOf = (
  network: Network, deeds: readonly Deed[], cycle: number,
): Troubles => {
  const { traitors, faults } = wordsIn(network, deeds, cycle);
  return { traitors: parseTraitors(network, traitors), lines: parseFaults(network, faults) };
};

/** What went wrong at first, and from which cycles on something else does. */
export const phasesOf = (
  network: Network, deeds: readonly Deed[],
): { first: Troubles; phases: Phase[] } => {
  const changes = [...new Set(deeds.map(({ at }) => at))].filter((at) => at > 0)
    .toSorted((one, other) => one - other);
  return {
    first: troublesOf(network, deeds, 0),
    phases: changes.map((from) => ({ from, troubles: troublesOf(network, deeds, from) })),
  };
};

/** Readings that are made up, but for the sensors that somebody holds. */
export const readingsOf = (
  network: Network, seed: number, deeds: () => readonly Deed[],
): Readings => {
  const others = madeUp(network, seed);
  return (cycle) => {
    const doings = doingsIn(network, deeds(), cycle);
    return others(cycle).map((value, board): Value | undefined => {
      const { shows } = doings[board]!;
      return shows === "auto" ? value : network.type.parse(shows) ?? undefined;
    });
  };
};

const ALPHABET: Readonly<Record<string, string>> = { "+": "-", "/": "_", "=": "" };

/** @returns a story as a part of an address */
export const linkOf = (story: Story): string => {
  const bytes = new TextEncoder().encode(JSON.stringify(story));
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))
    .replace(/[+/=]/g, (sign) => ALPHABET[sign]!);
};

const MOST = 65_536;

/** @throws Error where it is no link that `linkOf` gives */
export const storyIn = (link: string): Story => {
  if (link.length > MOST) throw new Error(`this link has more than ${MOST} characters`);
  let text = "";
  try {
    const binary = atob(link.replace(/-/g, "+").replace(/_/g, "/"));
    text = new TextDecoder("utf-8", { fatal: true })
      .decode(Uint8Array.from(binary, (sign) => sign.charCodeAt(0)));
  } catch {
    throw new Error("this link is damaged: it is not whole, or not one of this page");
  }
  const { network, seed, deeds, to } = parseJson(text) as Partial<Story>;
  const whole = (given: unknown) => Number.isInteger(given) && Number(given) >= 0;
  if (!whole(seed) || !Array.isArray(deeds) || (to !== undefined && !whole(to)) ||
    !deeds.every((deed: Partial<Deed>) => whole(deed.at) && typeof deed.board === "string")) {
    throw new Error("this link is damaged: it wants a network, a seed, and what was done");
  }
  return { network, seed: seed!, deeds, ...(to === undefined ? {} : { to }) };
};
