/**
 * What can be compared with `===` in place of the `width` bytes at `at`. This is how a computer
 * makes it; in a board's bundle there stands what an interpreter does natively.
 */
export const row = (bytes: Uint8Array, at: number, width: number): string => {
  let text = "";
  for (let byte = at; byte < at + width; byte++) text += String.fromCharCode(bytes[byte]!);
  return text;
};
