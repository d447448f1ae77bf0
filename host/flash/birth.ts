import { UsageError } from "../base/error.js";
import { PROMISE_FILES } from "../keys/promises.js";
import type { Console } from "./console.js";
import type { Talk } from "./talk.js";
import { quoted } from "./text.js";
import { Broken, must } from "./transfer.js";

/**
 * What a board of ballots has in its Storage besides its program: whether it is new, or may have
 * promised something (SPEC.md, BALLOT.7). Whoever flashes a board again does not make it new again.
 */
export interface Birth {
  /** Image 0, a character a byte. */
  readonly image: string;
  /** Marks images as this network's. */
  readonly mark: number;
  /**
   * "once": the network has never run; "after": the board stands in the place of one that may have
   * promised something; "": neither is said, and nothing is written.
   */
  readonly how: "once" | "after" | "";
}

/** What was found: nothing whole; image 0 as it is to be; or the board has images of its own. */
export type Store = "none" | "new" | "kept";

const [ONE, OTHER] = PROMISE_FILES as [string, string];

/** On the board: how many whole images of the network there are, and whether one is `d`. */
const question = ({ image, mark }: Birth): string =>
  `var s=require("Storage"),n=0,i=0;[${quoted(ONE)},${quoted(OTHER)}].forEach(function(f){` +
  `var t=s.read(f)||"",l=t.length-4,c,a;if(l!=${image.length - 4})return;` +
  `c=E.CRC32(t.substr(0,l))^${mark | 0};for(a=0;a<4;a++)` +
  `if(t.charCodeAt(l+a)!=((c>>(24-8*a))&255))return;` +
  `n++;if(t==d&&f==${quoted(ONE)})i=1});n*2+i`;

/** @throws UsageError where the board was in this network, and is said not to have been */
export const findStore = function* (board: Console, birth: Birth): Talk<Store> {
  const found = Number(yield* board.call(question(birth), birth.image));
  const store: Store = found === 0 ? "none" : found === 3 ? "new" : "kept";
  if (store === "kept" && birth.how === "once") {
    throw new UsageError("--once: the board has been in this network, and cannot be new in it: " +
      'leave --once out; a network that begins anew needs another "first_cycle" in its file');
  }
  if (store === "kept" && birth.how === "after") {
    throw new UsageError("--after: the board knows by itself what it has promised: leave it out");
  }
  return store;
};

/** Tells the board what it is, where somebody has said so. @returns what it has then */
export const writeStore = function* (board: Console, birth: Birth, found: Store): Talk<Store> {
  if (found !== "none" || !birth.how) return found;
  yield* must(board, `var s=require("Storage");s.erase(${quoted(OTHER)});` +
    `if(!s.write(${quoted(ONE)},d))throw"unwritten";1`, birth.image);
  if ((yield* findStore(board, { ...birth, how: "" })) !== "new") {
    throw new Broken("its Storage does not keep what the board is to know");
  }
  return "new";
};
