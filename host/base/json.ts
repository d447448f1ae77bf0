/**
 * The gate for JSON from outside: network files, keys, kinds of boards, answers of consoles. A text
 * is looked over before anything is made of it, so that no depth and no number of values costs more
 * than its bytes, and so that what JSON leaves open, a key that stands there twice, is no choice.
 */

/** Nothing here is nested deeper than a few levels. */
const DEPTH_MAX = 64;
const VALUES_MAX = 1_000_000;
const KEY_SHOWN = 60;

/** Why a text is not taken. */
export class JsonError extends Error {
  override readonly name = "JsonError";
}

/** What is open: the keys of an object, undefined in a list. */
type Open = Set<string> | undefined;

const keyOf = (written: string): string => {
  try {
    return JSON.parse(written) as string;
  } catch {
    // What is wrong with it is said when the whole is parsed.
    return written;
  }
};

const lineAt = (text: string, at: number): number => text.slice(0, at).split("\n").length;

/** @returns where a string that begins there ends, or where the text does */
const stringEnd = (text: string, from: number): number => {
  for (let at = from + 1; ; at++) {
    const [quote, back] = [text.indexOf('"', at), text.indexOf("\\", at)];
    if (quote < 0) return text.length;
    if (back < 0 || quote < back) return quote + 1;
    at = back + 1;
  }
};

/** @returns what is wrong with a key, or ""; the text need not be JSON. @throws JsonError */
const lookOver = (text: string): string => {
  const open: Open[] = [];
  let [values, wrong, begins, ends] = [0, "", 0, 0];
  const wrongKey = (keys: Open) => {
    const key = keyOf(text.slice(begins, ends));
    const known = key === "__proto__" || keys?.has(key);
    keys?.add(key);
    return known
      ? `line ${lineAt(text, begins)}: ${JSON.stringify(key.slice(0, KEY_SHOWN))} ${
        key === "__proto__" ? "is no name for a field" : "is there twice"}`
      : "";
  };
  for (let at = 0; at < text.length; at++) {
    const mark = text[at]!;
    if (mark === '"') {
      [begins, ends] = [at, stringEnd(text, at)];
      at = ends - 1;
    } else if (mark === "{" || mark === "[") {
      if (open.push(mark === "{" ? new Set() : undefined) > DEPTH_MAX) {
        throw new JsonError(`is nested deeper than ${DEPTH_MAX} levels, which is the most`);
      }
    } else if (mark === "}" || mark === "]") open.pop();
    else if (mark === ":") wrong ||= wrongKey(open[open.length - 1]);
    if ((mark === "," || mark === "[" || mark === "{") && ++values > VALUES_MAX) {
      throw new JsonError(`has more than ${VALUES_MAX} values, which is the most`);
    }
  }
  return wrong;
};

/** @throws JsonError where it is none, is too deep or too much, or a key is there twice */
export const parseJson = (text: string): unknown => {
  const wrong = lookOver(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    throw new JsonError(`is not JSON: ${(thrown as Error).message}`);
  }
  if (wrong) throw new JsonError(wrong);
  return value;
};
