import type { Limits } from "../firmware/index.js";
import { UsageError } from "./error.js";

/**
 * How the boards are wired, where that is no star: one wire that all share, on which the bus polls
 * each board that is to speak (SPEC.md, "A shared wire").
 */
export interface Wiring {
  /** Whether a gate lets each board's driver through once in its slot, for one frame's time. */
  readonly guardian: boolean;
  /** Bits for which a driver may stay enabled beside its frame's own. */
  readonly release: number;
}

/** What the network file says of it. */
interface WiringFields {
  readonly wiring?: "star" | "wire" | undefined;
  readonly guardian?: boolean | undefined;
  readonly release_us?: number | undefined;
  readonly baud: number;
  readonly boards: readonly { readonly enable?: string | undefined; readonly reading?: unknown }[];
}

export const RELEASE_US = 1000;

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
    return {
      guardian: guardian ?? false,
      release: Math.ceil(((release ?? RELEASE_US) * baud) / 1e6),
    };
  }
  const enable = boards.findIndex((board) => board.enable !== undefined);
  const field = guardian !== undefined ? "guardian" : release !== undefined ? "release_us"
    : enable >= 0 ? `boards[${enable}].enable` : "";
  if (!field) return undefined;
  throw new UsageError(`${path}: ${field}: a star has none, only "wiring": "wire" has`);
};

/** Bits for which a guardian lets a driver through: the longest frame of a board, and some. */
export const windowOf = ({ overhead, payloads }: Limits, { release }: Wiring): number =>
  BITS_A_BYTE * (overhead + Math.max(...payloads.slice(1))) + release;

/** The most bytes that it lets through, of a board whose clock is as fast as is understood. */
export const windowBytes = (limits: Limits, wiring: Wiring): number =>
  Math.floor(windowOf(limits, wiring) / LEAST_BITS_A_BYTE);

/**
 * Bytes of the payload of a beacon that opens no cycle. With a guardian beacons are so long that
 * none fits into what it lets through, however fast its bytes: what a board forges is cut off.
 *
 * @param of what the limits are with beacons of so many bytes
 */
export const pollOf = (wiring: Wiring, of: (poll: number) => Limits): number => {
  if (!wiring.guardian) return 1;
  for (let poll = 1; ;) {
    const padded = of(poll);
    const least = Math.floor(windowOf(padded, wiring) / LEAST_BITS_A_BYTE) + 1;
    // Longer beacons may need words of two bytes, which make frames longer.
    if (padded.overhead + poll >= least) return poll;
    poll = least - padded.overhead;
  }
};
