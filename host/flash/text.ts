import { checksum } from "../../firmware/platform/host.js";

/** Bytes as text with a character a byte, as Espruino has them. */
export const textOf = (bytes: Uint8Array): string => {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
};

export const bytesOf = (text: string): Uint8Array =>
  Uint8Array.from(text, (character) => character.charCodeAt(0));

/** What `E.CRC32` gives on a board. */
export const crcOf = (bytes: Uint8Array): number => checksum(bytes, 0, bytes.length) >>> 0;

/** A string literal that a console takes whatever is in it: printable ASCII, on one line. */
export const quoted = (text: string): string => {
  const inside = text.replace(/[^ !#-[\]-~]/g, (character) =>
    (character === '"' || character === "\\"
      ? `\\${character}`
      : `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`));
  return `"${inside}"`;
};
