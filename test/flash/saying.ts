import type { Port } from "../../host/flash/talk.js";
import { crcOf } from "../../host/flash/text.js";

/**
 * A port behind which something speaks as Espruino's console does, checksums included, and answers
 * whatever it wants to. Its time passes while somebody waits for it.
 */

/** @param answer to the question of that number, from 0, as JSON; undefined: nothing is said */
export const sayingPort = (
  answer: (number: number, question: string) => string | undefined,
): Port & { readonly now: () => number } => {
  let [typed, said, time, questions] = ["", "", 0, 0];
  const obey = (line: string) => {
    const [, probe] = /print\("\[t"\+(\d+)\+"\]"\)/.exec(line) ?? [];
    if (probe !== undefined) said += `[t${probe}]\r\n>`;
    const [, number] = /\[t\\"\+(\d+)\+\\" /.exec(line) ?? [];
    if (number === undefined) return;
    const text = answer(questions++, line);
    if (text === undefined) return;
    const bytes = Buffer.from(text, "latin1");
    said += `[t${number} ${crcOf(bytes) | 0} ${bytes.length} ${bytes.toString("latin1")} t]\r\n>`;
  };
  return {
    now: () => time,
    async write(bytes) {
      await Promise.resolve();
      const lines = (typed + Buffer.from(bytes).toString("latin1")).split("\n");
      typed = lines.pop()!;
      lines.forEach(obey);
    },
    async read(milliseconds) {
      await Promise.resolve();
      time += Math.max(1, milliseconds);
      const bytes = Buffer.from(said, "latin1");
      said = "";
      return bytes;
    },
    close: async () => Promise.resolve(),
  };
};

/** What a board says that has nothing on it: what it is, and then what lies there. */
export const SOUND: readonly string[] = [
  '[["2v29","PICO_R1_3"]]', '[["",[0,0],[],100000,{"freeBytes":100000,"trashBytes":0},false]]',
];
