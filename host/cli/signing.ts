import { EXHAUSTED, LOST, READY, UNKEPT, USED } from "../../firmware/auth/lms/store.js";
import { UsageError } from "../base/error.js";
import { plural } from "../base/text.js";
import type { SignerState } from "../boards/board.js";
import type { Network } from "../network/network.js";

/** Why a board signs or does not, in words. */
const STATES: Readonly<Record<number, { readonly name: string; readonly help: string }>> = {
  [READY]: { name: "ready", help: "signs" },
  [LOST]: {
    name: "lost",
    help: "does not sign: its store is lost, not whole, or of another key, and what its key has " +
      "signed is not known; it needs new keys",
  },
  [UNKEPT]: { name: "unkept", help: "does not sign: its store does not keep what is written" },
  [USED]: {
    name: "used",
    help: "does not sign yet: keys of coming cycles were reserved before, and may have signed",
  },
  [EXHAUSTED]: { name: "exhausted", help: "does not sign any more: its keys are used up" },
};

/** @returns the state's name, for programs */
export const stateName = ({ state }: SignerState): string => STATES[state]!.name;

const FEW = 10;

/**
 * Tells when a board's signing changes, and once when a tenth of its keys is left.
 *
 * @param say is told a line
 * @returns takes its state after each cycle
 */
export const createSigningWatch = (
  name: string, { signing }: Network, say: (line: string) => void,
): ((signer: SignerState | undefined) => void) => {
  let [told, warned] = [-1, false];
  return (signer) => {
    if (!signer || !signing) return;
    const { state, left } = signer;
    if (state !== told) {
      told = state;
      const rest = state === READY ? `, for ${plural(left, "cycle")} more` : "";
      say(`${name}: ${STATES[state]!.help}${rest}`);
    }
    if (warned || state === LOST || left * FEW > signing.cycles || !left) return;
    warned = true;
    say(`${name}: its keys last for ${plural(left, "cycle")} more, of ${signing.cycles}`);
  };
};

const ANEW = "with new keys by tagma keys, and a new --counter, cycles begin anew";

/**
 * @param first number of the first cycle
 * @param asked how many are to be run; all that there are unless told
 * @returns how many may be run
 * @throws UsageError where the keys do not last for them
 */
export const refuseUsedUp = (
  { signing }: Network, path: string, first: number, asked?: number,
): number => {
  const left = signing ? signing.cycles - first : Infinity;
  if (left > 0 && (asked ?? 1) <= left) return Math.min(asked ?? Infinity, left);
  const there = left > 0
    ? `for ${plural(left, "cycle")} more, and ${asked} are to be run` : "no longer";
  throw new UsageError(
    `${path}: signatures: the keys last ${there}, from cycle ${first} on; ${ANEW}`);
};

/** @returns what is told when a run has come to the end of the keys */
export const usedUpText = (path: string): string =>
  `the keys are used up: nobody signs in ${path} any more; ${ANEW}`;
