import { parseJson } from "../base/json.js";
import { quoted, textOf } from "./text.js";

/**
 * What a board starts with. A program lies in one of two files of its Storage; the boot code, a
 * short text in a third, names the one that counts and its checksum, and starts it if that is
 * right. So the program that boots is replaced by replacing the boot code, once the new program is
 * there to the last byte; and what is damaged or half there does not start.
 */

export const SLOTS = ["tagma0", "tagma1"] as const;
export type Slot = (typeof SLOTS)[number];

/** Espruino's name for the text that it runs when it starts. */
export const BOOT = ".bootcde";

/** Other files that Espruino runs, or restores, when it starts. */
export const OTHERS = [
  ".bootrst", ".varimg", ".bootPowerOn", ".boot0", ".boot1", ".boot2", ".boot3",
] as const;

/**
 * Earlier programs that took the console's UART had a prompt there for this long before they
 * started, in milliseconds, in which what came over the bus was evaluated. None is written now.
 */
const WINDOW = 3000;

/** A program on a board, as its boot code names it. */
export interface Program {
  readonly slot: Slot;
  /** CRC-32 of the program. */
  readonly crc: number;
  readonly bytes: number;
  readonly network: string;
  readonly board: string;
  /** Whether the board waits at its prompt before it starts, as earlier ones did. */
  readonly waits: boolean;
}

const NAME_MAX = 40;

/** A name as it stands in the boot code: printable, short, and on one line. */
export const shortName = (name: string): string =>
  name.slice(0, NAME_MAX).replaceAll(/[^ -~]/g, "?");

/** @returns the boot code that starts a program. */
export const bootCode = ({ slot, crc, bytes, network, board, waits }: Program): string => {
  const file = `require("Storage").read(${quoted(slot)})`;
  const start = `if(E.CRC32(${file})==${crc})eval(${file})`;
  const about = JSON.stringify([bytes, shortName(network), shortName(board)]);
  return `${waits ? `setTimeout(function(){${start}},${WINDOW})` : start}//tagma ${about}`;
};

const FORM = /read\("(tagma[01])"\)\)==(\d+)\)eval\(.*\/\/tagma (\[.*\])$/;

/** @returns the program that a boot code starts; undefined: it is not one of ours, or not whole. */
export const programIn = (code: string): Program | undefined => {
  const [, slot, crc, about] = FORM.exec(code) ?? [];
  if (about === undefined) return undefined;
  try {
    const [bytes, network, board] = parseJson(about) as [number, string, string];
    const program = {
      slot: slot as Slot, crc: Number(crc), bytes, network, board,
      waits: code.startsWith("setTimeout"),
    };
    return typeof bytes === "number" && bootCode(program) === code ? program : undefined;
  } catch {
    return undefined;
  }
};

/** A boot code that does nothing: it says that the program which booted had to make room. */
export const UNFINISHED = "//tagma unfinished";

/** Flash that was erased and not written, which power lost in the middle of writing leaves. */
const ERASED = /\xff+$/;

const BEGINNINGS = [false, true].map((waits) => {
  const code = bootCode({ slot: "tagma0", crc: 0, bytes: 0, network: "", board: "", waits });
  return code.slice(0, code.indexOf("tagma0"));
});

/** Whether a boot code is the mark of a cut transfer, or the beginning of one of ours. */
export const isCut = (code: string): boolean => {
  const written = code.replace(ERASED, "");
  return code === UNFINISHED || (written.length < code.length &&
    [UNFINISHED, ...BEGINNINGS].some((beginning) =>
      beginning.startsWith(written) || written.startsWith(beginning)));
};

/** @returns UTF-8 bytes of a bundle, and the same as text with a character a byte. */
export const programBytes = (bundle: string): { bytes: Uint8Array; text: string } => {
  const bytes = new TextEncoder().encode(bundle);
  return { bytes, text: textOf(bytes) };
};
