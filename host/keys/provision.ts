import { IDENTIFIER_BYTES } from "../../firmware/auth/lms/sets.js";
import { firstImage } from "../../firmware/index.js";
import type { Board, Network } from "../network/network.js";
import { FILES, freshStore, madeUpKeys } from "./keys.js";
import { PROMISE_FILES } from "./promises.js";

/** How much of a file is written by one line, which a console may have to take whole. */
const LINE_BYTES = 1536;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/**
 * What is run once on a board before its bundle: it writes the first record of the board's key to
 * both places, and the crown. A bundle never does that, lest a board whose records are lost begin
 * anew with leaves that have signed. For the same reason this does nothing where a record of the
 * same key is. Records come last: until they are there, the board does not sign.
 *
 * A board of ballots is told that it is new, too.
 *
 * @param key I and the root; nothing here is secret
 */
export const provisionScript = (
  key: Uint8Array, crown: Uint8Array, board?: Board,
): string => {
  const [one, other] = FILES;
  const name = base64(key.subarray(0, IDENTIFIER_BYTES));
  const lines = [
    "var tagmaUsed=(function(){var s=require(\"Storage\");" +
      `return ${JSON.stringify([one, other])}.some(function(f){` +
      "var b=new Uint8Array(s.readArrayBuffer(f)||[]);" +
      `return b.length==8&&E.CRC32(E.toUint8Array(atob("${name}")+String.fromCharCode(` +
      "b[0],b[1],b[2],b[3])))==new DataView(b.slice(0).buffer).getUint32(4)})})();",
  ];
  if (board?.layout.ballots) {
    lines.push(`tagmaUsed||require("Storage").write("${PROMISE_FILES[0]!}",E.toUint8Array(atob("${
      base64(firstImage(board.layout))}")));`);
  }
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

/**
 * What is run once on a board of ballots before its bundle, where the network has never run: it
 * writes down that the board is new. It does nothing where there is anything already.
 */
export const birthScript = ({ layout }: Board): string => {
  const [one, other] = PROMISE_FILES;
  return "(function(){var s=require(\"Storage\");" +
    `if(${JSON.stringify([one, other])}.some(function(f){return s.read(f)!==undefined}))` +
    "return print(\"this board has been in a network: nothing is changed\");" +
    `s.write("${one}",E.toUint8Array(atob("${base64(firstImage(layout))}")));` +
    "print(\"new\")})();\n";
};

/** What is run on an emulated board before its program: its network has never run. */
export const madeUpProvision = ({ signing }: Network, board: Board): string => {
  if (!signing) return board.layout.ballots ? birthScript(board) : "";
  const { key, crown } = madeUpKeys(signing)[board.number]!;
  return provisionScript(key, crown, board);
};
