import type { Layout } from "../../firmware/index.js";
import { UsageError } from "../base/error.js";
import { kindOf } from "./kinds.js";

/**
 * How the boards are wired, where that is no star: one wire that all share, on which the bus polls
 * each board that is to speak (SPEC.md, "A shared wire").
 */
export interface Wiring {
  /** Whether a gate lets each board's driver through once in its slot, for one frame's time. */
  readonly guardian: boolean;
  /** Bits for which a driver may stay enabled beside its frame's own; and microseconds. */
  readonly release: number;
  readonly releaseUs: number;
}

/** What the network file says of it. */
interface WiringFields {
  readonly wiring?: "star" | "wire" | undefined;
  readonly guardian?: boolean | undefined;
  readonly release_us?: number | undefined;
  readonly baud: number;
  readonly boards: readonly {
    readonly name: string;
    readonly kind: string;
    readonly enable?: string | undefined;
    readonly reading?: unknown;
  }[];
}

/** No release is shorter unless the network file says so. */
export const RELEASE_US = 1000;
/**
 * Instructions that Espruino's Linux build executes, at most, from the call that enables the driver
 * to the one that writes the first byte: it hands over a part of the arena in between.
 */
export const SPEAK = 100_000;

/** @returns the microseconds that a kind of board lets pass with its driver on and nothing said */
const speakUs = (kind: string): number => Math.ceil(SPEAK / kindOf(kind).speed);

/** @throws UsageError where a board's driver would be off before its frame has ended */
const releaseOf = ({ release_us: given, boards }: WiringFields, path: string): number => {
  // An adapter that turns itself round needs no time for it.
  const enabled = boards.filter(({ enable }) => enable !== undefined);
  const least = enabled.map(({ kind }) => speakUs(kind));
  if (given === undefined) {
    return Math.max(RELEASE_US, ...least);
  }
  const short = enabled.find(({ kind }) => given < speakUs(kind));
  if (!short) return given;
  throw new UsageError(`${path}: release_us: ${given}, board ${JSON.stringify(short.name)}, a ` +
    `${short.kind}, lets up to ${speakUs(short.kind)} us pass between enabling its driver and ` +
    `its first byte: at least ${Math.max(...least)}`);
};

/**
 * A receiver synchronises on each start bit, and needs half of the stop bit: a sender that cheats
 * with its clock, or with its stop bits, is not understood with fewer bits a byte than this.
 */
export const LEAST_BITS_A_BYTE = 9;
const BITS_A_BYTE = 10;

/** @throws UsageError naming a field that means something on a shared wire only, or in a star */
export const wiringOf = (file: WiringFields, path: string): Wiring | undefined => {
  const { wiring, guardian, release_us: release, boards, baud } = file;
  if (wiring === "wire") {
    const at = boards.findIndex(({ reading }) => reading === "wire");
    if (at >= 0) {
      throw new UsageError(`${path}: boards[${at}].reading: "wire": readings have no room in ` +
        'beacons that all boards share, they come from a pin or a script with "wiring": "wire"');
    }
    const releaseUs = releaseOf(file, path);
    return {
      guardian: guardian ?? false,
      release: Math.ceil((releaseUs * baud) / 1e6),
      releaseUs,
    };
  }
  const enable = boards.findIndex((board) => board.enable !== undefined);
  const field = guardian !== undefined ? "guardian" : release !== undefined ? "release_us"
    : enable >= 0 ? `boards[${enable}].enable` : "";
  if (!field) return undefined;
  throw new UsageError(`${path}: ${field}: a star has none, only "wiring": "wire" has`);
};

/** Bits for which a guardian lets a driver through: the longest frame of a board, and some. */
export const windowOf = (
  { overhead, payloads }: Layout, { release }: Pick<Wiring, "release">,
): number =>
  BITS_A_BYTE * (overhead + Math.max(...payloads.slice(1))) + release;

/** The most bytes that it lets through, of a board whose clock is as fast as is understood. */
export const windowBytes = (layout: Layout, wiring: Wiring): number =>
  Math.floor(windowOf(layout, wiring) / LEAST_BITS_A_BYTE);

/**
 * Bytes of the payload of a beacon that opens no cycle. With a guardian beacons are so long that
 * none fits into what it lets through, however fast its bytes: what a board forges is cut off.
 *
 * @param of what the layout are with beacons of so many bytes
 */
export const pollOf = (
  wiring: Pick<Wiring, "guardian" | "release">, of: (poll: number) => Layout,
): number => {
  if (!wiring.guardian) return 1;
  for (let poll = 1; ;) {
    const padded = of(poll);
    const least = Math.floor(windowOf(padded, wiring) / LEAST_BITS_A_BYTE) + 1;
    // Longer beacons may need words of two bytes, which make frames longer.
    if (padded.overhead + poll >= least) return poll;
    poll = least - padded.overhead;
  }
};
