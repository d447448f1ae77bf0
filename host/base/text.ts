import { randomBytes } from "node:crypto";

/**
 * The gate for all text that leaves for a terminal. Names, values, errors and boards' answers come
 * from others: what would command a terminal, begin a line, turn the direction of writing or not be
 * seen at all is shown escaped. What this program itself tells a terminal, its colours and moves of
 * the cursor, is marked, and nobody else knows the mark.
 *
 * An escape is that of JSON, so a line of JSON says the same before and after.
 */

/** No text from outside can have it: it is another one in each process. */
const MARK = `\0${randomBytes(8).toString("hex")}`;
/** Colours, moves of the cursor and erasing; and what a console does within its line. */
const CODES = "\\[[\\d;]{0,16}[A-HJKPXm@]|[\\u0007\\b\\r]";
/** Controls of both sets, formats, halves of characters, ends of lines, what has no width. */
const UNSEEN = "[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}]";

const OWN = new RegExp(`${MARK}(?:${CODES})`, "gu");
const ALL = new RegExp(`${MARK}(${CODES})|${UNSEEN}`, "gu");
/** Where lines may end, and columns be apart. */
const SCREEN = new RegExp(`${MARK}(${CODES})|(?![\\n\\t])${UNSEEN}`, "gu");
const FOUND = new RegExp(UNSEEN, "u");

/** Each half of a character by itself, as JSON has it. */
const escaped = (text: string): string => Array.from(
  { length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, "0")}`,
).join("");

/** Whether a text has anything that is not shown as it is. */
export const hasUnseen = (text: string): boolean => FOUND.test(text);

/** A code that a terminal is to obey: what follows ESC, or one control character. */
export const own = (code: string): string => MARK + code;

/** @returns text without the codes that a terminal is to obey */
export const withoutCodes = (text: string): string => text.replace(OWN, "");

/** Of a longer text the beginning and the end are kept. */
export const shortened = (text: string, most: number): string => {
  if (text.length <= most) return text;
  const tail = Math.floor(most / 3);
  return `${text.slice(0, most - tail)}… (${text.length} characters) …${text.slice(-tail)}`;
};

/** As much of one name or value is shown. */
export const VALUE_MAX = 80;
/** As much of one message. */
const LINE_MAX = 1000;

/** @returns text on one line, with all that would not be seen escaped */
export const visible = (text: string, most = Infinity): string =>
  shortened(text, most).replace(ALL, (found, code?: string) =>
    (code === undefined ? escaped(found) : found));

/** @returns a message of which nothing begins another line, and which is no longer than is read */
export const oneLine = (text: string): string => visible(text, LINE_MAX);

/** @returns what a terminal is given: lines and marked codes are kept, all else is escaped */
export const forScreen = (text: string): string =>
  text.replace(SCREEN, (found, code?: string) => {
    if (code === undefined) return escaped(found);
    return code.startsWith("[") ? `\u001b${code}` : code;
  });

/* oxlint-disable eslint/no-control-regex -- codes are what is looked for */
const KEPT = new RegExp(`\\u001b(${CODES})|([\\u0007\\b\\r])|(?![\\n\\t])${UNSEEN}`, "gu");
/** A code of which the end has not come yet. */
const OPEN = /\u001b(?:\[[\d;]{0,16})?$/;
/* oxlint-enable eslint/no-control-regex */

/**
 * What a board's console says, for the terminal of whoever types there: text, colours, moves and
 * erasing within the screen. Nothing of it sets a title, a clipboard or a mode, or has the terminal
 * answer.
 *
 * @returns takes what was said, in whatever parts it comes; `last`: nothing follows
 */
export const createRelay = (): ((text: string, last?: boolean) => string) => {
  let open = "";
  return (text, last = false) => {
    const all = open + text;
    open = last ? "" : OPEN.exec(all)?.[0] ?? "";
    return all.slice(0, all.length - open.length).replace(KEPT,
      (found, code?: string, control?: string) => {
        const kept = code?.startsWith("[") ? code : control;
        return kept === undefined ? escaped(found) : own(kept);
      });
  };
};

/** @returns so many of what is named in the singular */
export const plural = (count: number, name: string, names = `${name}s`): string =>
  `${count} ${count === 1 ? name : names}`;
