/**
 * What `bytes.ts` does, for a board whose words have one byte: an interpreter searches a string at
 * fifty times the speed at which it searches an array, and cuts it natively. `layout` is no
 * parameter here, for a bundle has its numbers (docs/boards.md).
 */

declare const E: {
  CRC32(text: string): number;
  toUint8Array(text: string): Uint8Array;
  toString(bytes: Uint8Array): string;
};
declare const layout: { readonly receive: number; readonly end: number };

/** See `bytes.ts`. */
export const listener = (take: (chunk: string) => void): ((chunk: string) => void) => take;

/** See `Input`. The arena has the bytes, and a string has them once more. */
export const createInput = (arena: Uint8Array) => {
  const input = {
    fill: layout.receive,
    text: "",
    add(chunk: string): string | undefined {
      input.text += chunk;
      input.fill = layout.receive + input.text.length;
      let left: string | undefined;
      if (input.fill > layout.end) {
        left = input.text.slice(layout.end - layout.receive);
        input.text = input.text.slice(0, layout.end - layout.receive);
        input.fill = layout.end;
      }
      arena.set(E.toUint8Array(input.text), layout.receive);
      return left;
    },
    find: (from: number) => input.text.indexOf("\0", from - layout.receive) + layout.receive,
    unmask(mask: number, body: number, end: number) {
      let content = input.text.slice(body - layout.receive, end - layout.receive);
      const word = input.text[mask - layout.receive]!;
      if (content.indexOf(word) >= 0) {
        content = content.split(word).join("\0");
        arena.set(E.toUint8Array(content), body);
      }
      return E.CRC32(content);
    },
    drop(rest: number) {
      input.text = rest < input.fill ? input.text.slice(rest - layout.receive) : "";
    },
  };
  return input;
};

/** See `bytes.ts`. */
export const cover = (arena: Uint8Array, from: number, end: number): number => {
  const text = E.toString(arena.subarray(from, end));
  let mask = 1;
  while (text.indexOf(String.fromCharCode(mask)) >= 0) mask++;
  for (let at = -1; (at = text.indexOf("\0", at + 1)) >= 0; ) arena[from + at] = mask;
  return mask;
};
