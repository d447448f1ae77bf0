import type { BallotLayout } from "../../firmware/index.js";
import type { Network } from "../network/network.js";
import type { Plan } from "./plan.js";

/** What boards of ballots write to flash, and how long the flash stands it. */
export interface PromisesPlan {
  readonly stored: boolean;
  /** Images in a ballot in which something is decided, on average; with views, in a cycle. */
  readonly images: number;
  readonly image_bytes: number;
  readonly images_a_day: number;
  /** Of the board whose flash lasts least, the bytes that there are for it; null: not known. */
  readonly flash_bytes: number | null;
  readonly lasts_days: number | null;
  /** For how many ballots a board that was restarted is silent at most, but for LOG.5. */
  readonly reserve: number;
}

/** A file has so many bytes besides its own in Espruino's Storage, and begins at a word. */
const FILE_HEAD = 32;
const WORD = 4;
/** How often a page of flash may be erased: what makers of microcontrollers promise at least. */
export const ERASURES = 10_000;
const DAY_S = 86_400;

/** @returns undefined where each cycle decides */
export const promisesPlanOf = (network: Network, plan: Plan): PromisesPlan | undefined => {
  if (!network.ballots) return undefined;
  const { stored, reserve, width, review } = network.boards[0]!.layout as BallotLayout;
  // In a review, its record.
  const own = network.ballots.promises;
  const stores = review ? (1 + (review - 1) * own) / review : own;
  const images = stored ? stores : 1 / reserve;
  const image = (stored ? 16 + width : 8) + 4;
  const file = FILE_HEAD + Math.ceil(image / WORD) * WORD;
  const daily = (images * DAY_S * network.file.baud) / plan.mean;
  const rooms = network.boards.map(({ kind }) => kind.code_flash).filter((bytes) => bytes > 0);
  const room = rooms.length ? Math.min(...rooms) : null;
  return {
    stored, images, image_bytes: image, images_a_day: Math.ceil(daily), flash_bytes: room,
    lasts_days: room === null ? null : Math.floor((ERASURES * Math.floor(room / file)) / daily),
    reserve,
  };
};
