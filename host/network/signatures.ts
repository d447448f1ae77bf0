import { sha256 } from "@noble/hashes/sha2.js";
import { z } from "zod";
import { signatureLayout, signatureRefusal, treeNumbers } from "../../firmware/auth/lms/sets.js";
import type { SignatureShape } from "../../firmware/auth/lms/sets.js";
import { MESSAGE_BYTES, NETWORK_BYTES } from "../../firmware/auth/lms/signing.js";
import type { SigningLayout } from "../../firmware/auth/lms/signing.js";
import { UsageError } from "../base/error.js";
import { fields } from "../base/issue.js";
import { plural } from "../base/text.js";

/** What a network file says of signatures, and every size that follows. */

/** The leaves of a tile, within which a cycle's must lie. */
const SHARE_MAX = 32;

const tree = fields({
  lms: z.string().describe("Of RFC 8554 or NIST SP 800-208: LMS_SHA256_M24_H10 and the like."),
  ots: z.string().describe("Its one-time signatures: LMOTS_SHA256_N24_W4 and the like."),
});

export const signaturesSchema = fields({
  trees: z.array(tree).min(1).max(2)
    .describe("One tree, or two, of which the upper one signs the keys of the lower ones."),
  reserve: z.int().min(1).max(SHARE_MAX).optional()
    .describe("For how many cycles leaves are reserved at a time, 16 unless told; 1 to 32."),
});

export type SignaturesFile = z.infer<typeof signaturesSchema>;

/** Signatures of one network. */
export interface Signing {
  readonly shape: SignatureShape;
  /** How many leaves a cycle has. */
  readonly share: number;
  /** What names the network in all that is signed. */
  readonly network: Uint8Array;
  /** For how many cycles the keys last. */
  readonly cycles: number;
  /** For how many cycles leaves are reserved at a time. */
  readonly reserve: number;
}

const FALLBACK: SignaturesFile = {
  trees: [{ lms: "LMS_SHA256_M24_H10", ots: "LMOTS_SHA256_N24_W4" }],
};
const RESERVE = 16;

/** SM.4: what a board signs in a cycle at most: its own order, and what it relays before. */
export const signaturesMade = (boards: number, traitors: number, commander: number): number => {
  if (!traitors) return 0;
  const relays = traitors < 2 ? 0 : 2 * (commander < 0 ? boards - 1 : 1);
  return 1 + relays;
};

/** @param text the network file as JSON */
export const networkName = (text: string): Uint8Array =>
  sha256(new TextEncoder().encode(text)).slice(0, NETWORK_BYTES);

const largestFits = (reserve: number, share: number) =>
  Math.min(SHARE_MAX, 2 ** Math.floor(Math.log2(Math.max(1, reserve * share))));

/**
 * @param network what names the network
 * @throws UsageError naming what is wrong, and what would be right
 */
export const signingOf = (
  file: SignaturesFile | undefined, network: Uint8Array, path: string,
  { boards, traitors, width, commander }: {
    boards: number; traitors: number; width: number; commander: number;
  },
): Signing => {
  const { trees, reserve = RESERVE } = file ?? FALLBACK;
  const made = signaturesMade(boards, traitors, commander);
  const share = 2 ** Math.ceil(Math.log2(made || 1));
  if (share > SHARE_MAX) {
    throw new UsageError(`${path}: boards: ${boards} may sign ${
      plural(made, "time")} a cycle, at most ${SHARE_MAX} are possible`);
  }
  const shape: SignatureShape = {
    boards, trees, messageBytes: MESSAGE_BYTES + width, firstCycle: 0,
    reserve: largestFits(reserve, share),
  };
  const wrong = signatureRefusal(shape);
  if (wrong) throw new UsageError(`${path}: signatures: ${wrong}`);
  const heights = trees.map((set) => treeNumbers(set)!.height);
  return {
    shape, share, network,
    cycles: 2 ** heights.reduce((sum, height) => sum + height, 0) / share,
    reserve: shape.reserve / share,
  };
};

/** Heights of one tree, or of two. */
const HEIGHTS = [[5], [10], [15], [10, 5], [15, 5]];

/** @returns the least trees whose keys last for so many cycles, in words; "" where none do */
export const longerLasting = ({ shape, share }: Signing, cycles: number): string => {
  const bytes = treeNumbers(shape.trees[0]!)!.hashBytes;
  const lasting = (heights: readonly number[]) =>
    2 ** heights.reduce((sum, height) => sum + height, 0) / share;
  const least = HEIGHTS.find((heights) => lasting(heights) >= cycles);
  if (!least) return "";
  const names = least.map((height) => `LMS_SHA256_M${bytes}_H${height}`);
  return `${names.join(" over ")} would last for ${lasting(least)}`;
};

/** @param end of what the core and the frames have of the arena */
export const signingLayout = (
  { shape, share }: Signing, self: number, end: number, width: number,
): SigningLayout & { readonly memory: number } => {
  const numbers = signatureLayout(shape, self, end);
  const text = numbers.signatureEnd;
  return { ...numbers, width, share, text, memory: text + shape.messageBytes };
};
