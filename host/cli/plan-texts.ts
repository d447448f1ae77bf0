import { plural } from "../base/text.js";
import { ERASURES } from "../plan/promises.js";
import type { PromisesPlan } from "../plan/promises.js";
import { wrapped } from "./table.js";

/** What a plan says of signatures and of promises, in words. */

export interface SignaturesTold {
  readonly bytes: number;
  readonly made: number;
  readonly made_most: number;
  readonly checked: number;
  readonly checked_most: number;
  readonly cycles: number;
  /** Records written to flash in a day, and how often a page is erased for that, at most. */
  readonly records_a_day: number;
  readonly erasures_a_day: number;
  readonly lasts_s: number;
  readonly prepare_us: number;
  readonly start_ms: number;
}

export const milliseconds = (us: number): string =>
  (us / 1000).toFixed(us < 10_000 ? 3 : us < 1e6 ? 2 : 1);

const lasting = (seconds: number): string => {
  const [unit, size] = ([["days", 86_400], ["hours", 3600], ["minutes", 60]] as const)
    .find((one) => seconds >= 2 * one[1]) ?? ["seconds", 1];
  return `${(seconds / size).toFixed(1)} ${unit}`;
};

export const signaturesText = (signatures: SignaturesTold, columns: number): string => {
  const { bytes, cycles, prepare_us: prepare, start_ms: start } = signatures;
  const text = [
    `A signature has ${bytes} bytes. In a cycle a board makes ${signatures.made} and checks`,
    `${signatures.checked} where nobody lies, and at most ${signatures.made_most} and`,
    `${signatures.checked_most}. Keys last for ${cycles} cycles, ${lasting(signatures.lasts_s)} at`,
    `this period. After its order a board takes ${milliseconds(prepare)} ms to be ready for the`,
    `next cycle, and after a start ${milliseconds(start * 1000)} ms. It writes ${
      signatures.records_a_day} records a day to flash, for which pages are erased ${
      signatures.erasures_a_day} times a day: flash that stands 10,000 erasures of a page lasts ${
      (10_000 / (365 * Math.max(1, signatures.erasures_a_day))).toFixed(1)} years, were it always`,
    "the same page.",
  ].join(" ");
  return wrapped("", text.split(" "), columns);
};

export const promisesText = (told: PromisesPlan, columns: number): string => {
  const { stored, images, image_bytes: bytes, reserve, lasts_days: days } = told;
  const how = stored
    ? `It writes what it promises to flash, ${images} images of ${bytes} bytes in a ballot that ` +
      "decides"
    : `It writes an image of ${bytes} bytes to flash in ${plural(reserve, "ballot")}, and is ` +
      "silent for as many after a restart at most";
  const text = days === null
    ? `${how}: ${told.images_a_day} images a day at this period. How long its flash stands that ` +
      "is not known."
    : `${how}: ${told.images_a_day} images a day at this period. Flash of ${told.flash_bytes} ` +
      `bytes, of which each page stands ${ERASURES} erasures, lasts ${
        days < 730 ? plural(days, "day") : `${Math.floor(days / 365)} years`}.`;
  return wrapped("", text.split(" "), columns);
};
