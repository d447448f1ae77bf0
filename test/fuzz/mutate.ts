/** Small changes to what is sound, each by chance: most of them are one step from right. */

export type Random = () => number;

export const oneOf = <Item>(random: Random, items: readonly Item[]): Item =>
  items[random() % items.length]!;

/** What has been somebody's undoing before. */
export const NUMBERS: readonly number[] = [
  0, -0, -1, 1, 2, 31, 32, 255, 256, 65535, 65536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32,
  2 ** 53, -(2 ** 31), 1e15, 1e300, -1e300, 0.5, 1e-300, 0.1,
];

export const TEXTS: readonly string[] = [
  "", " ", "a", "b", "constructor", "__proto__", "toString", "null", "0", "-1", "1e999", "NaN", "⊥",
  "../x", "/", ".", "a/b", "C:\\x", "%s%n", "$HOME", "';--", "\u0000", "\u001b[2J\u001b]0;x\u0007",
  "two\nlines", "\r", "\u202eabc", "\u200b", "\u009b31m", "\ud800", "\ufeff", "é", "𝔸", "@read",
  "x".repeat(300), "y".repeat(100_000), "tcp://127.0.0.1:99999", "A1", "Serial1", "PICO_R1_3",
];

const nested = (depth: number): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = level % 2 ? [value] : { a: value };
  return value;
};

const anything = (random: Random): unknown => {
  switch (random() % 8) {
    case 0: return null;
    case 1: return random() % 2 === 0;
    case 2: return [];
    case 3: return {};
    case 4: return nested(random() % 100);
    case 5: return Array.from({ length: random() % 40 }, () => 0);
    case 6: return oneOf(random, TEXTS);
    default: return oneOf(random, NUMBERS);
  }
};

/** @returns the same with one thing in it changed, taken away, doubled or added */
export const mutateValue = (random: Random, value: unknown): unknown => {
  const inside = typeof value === "object" && value !== null;
  if (!inside || random() % 6 === 0) {
    if (typeof value === "number" && random() % 2) return oneOf(random, NUMBERS);
    return typeof value === "string" && random() % 2 ? oneOf(random, TEXTS) : anything(random);
  }
  if (Array.isArray(value)) {
    const list = [...value as unknown[]];
    const at = random() % (list.length || 1);
    const what = random() % 8;
    if (what === 0) list.splice(at, 1);
    else if (what === 1) list.splice(at, 0, list[at]);
    else if (list.length) list[at] = mutateValue(random, list[at]);
    return list;
  }
  const entries = Object.entries(value);
  const at = random() % (entries.length || 1);
  const what = random() % 8;
  if (what === 0) entries.splice(at, 1);
  else if (what === 1) entries.push([oneOf(random, TEXTS), anything(random)]);
  else if (entries[at]) entries[at] = [entries[at][0], mutateValue(random, entries[at][1])];
  return Object.fromEntries(entries);
};

/** @returns bytes of which a few were changed, cut, put in or doubled */
export const mutateBytes = (random: Random, bytes: Uint8Array): Uint8Array => {
  let now = Buffer.from(bytes);
  for (let times = 1 + (random() % 3); times; times--) {
    const at = random() % (now.length + 1);
    const more = random() % 40;
    switch (random() % 6) {
      case 0: now[at % (now.length || 1)]! ^= 1 << (random() & 7); break;
      case 1: now[at % (now.length || 1)] = random(); break;
      case 2: now = now.subarray(0, at); break;
      case 3: now = Buffer.concat([now.subarray(0, at), now.subarray(at + more)]); break;
      case 4: {
        const part = now.subarray(at, at + more);
        now = Buffer.concat([now.subarray(0, at), part, now.subarray(at)]);
        break;
      }
      default: {
        const text = Buffer.from(oneOf(random, [...TEXTS, ",", ";", "\t", '"', "\n", "\r\n", "{"]));
        now = Buffer.concat([now.subarray(0, at), text, now.subarray(at)]);
      }
    }
  }
  return Uint8Array.from(now);
};
