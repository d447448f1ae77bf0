import { IDENTIFIER_BYTES } from "../firmware/auth/sets.js";
import { FILES, freshStore } from "./keys.js";

/** How much of a file is written by one line, which a console may have to take whole. */
const LINE_BYTES = 1536;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/**
 * What is run once on a board before its bundle: it writes the first record of the board's key to
 * both places, and the crown. A bundle never does that, lest a board whose records are lost begin
 * anew with leaves that have signed. For the same reason this does nothing where a record of the
 * same key is. Records come last: until they are there, the board does not sign.
 *
 * @param key I and the root; nothing here is secret
 */
export const provisionScript = (key: Uint8Array, crown: Uint8Array): string => {
  const [one, other] = FILES;
  const name = base64(key.subarray(0, IDENTIFIER_BYTES));
  const lines = [
    "var tagmaUsed=(function(){var s=require(\"Storage\");" +
      `return ${JSON.stringify([one, other])}.some(function(f){` +
      "var b=new Uint8Array(s.readArrayBuffer(f)||[]);" +
      `return b.length==8&&E.CRC32(E.toUint8Array(atob("${name}")+String.fromCharCode(` +
      "b[0],b[1],b[2],b[3])))==new DataView(b.slice(0).buffer).getUint32(4)})})();",
  ];
  for (let at = 0; at < crown.length; at += LINE_BYTES) {
    const part = base64(crown.subarray(at, at + LINE_BYTES));
    lines.push(`tagmaUsed||require("Storage").write("${FILES[2]}",E.toUint8Array(atob("${part}")),${
      at},${crown.length});`);
  }
  freshStore(key).forEach((record, slot) => {
    lines.push(`tagmaUsed||require("Storage").write("${FILES[slot]!}",E.toUint8Array(atob("${
      base64(record)}")));`);
  });
  lines.push('print(tagmaUsed?"this key has been used here: nothing is changed":"ready to sign");');
  return `${lines.join("\n")}\n`;
};
