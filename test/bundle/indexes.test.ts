/**
 * Espruino throws where an element of a typed array is read whose index is negative or no number;
 * other engines give undefined. So in the emitted text each index is looked at before it is used.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { parse } from "acorn";
import type { Node } from "acorn";
import { full } from "acorn-walk";
import { contextBoard } from "../../host/boards/context.js";
import { bundle } from "../../host/bundle/bundle.js";
import { parseFaults, parseTraitors } from "../../host/faults/troubles.js";
import type { NetworkFile } from "../../host/network/network.js";
import { record } from "../espruino/drive.js";
import { nameOf, networkOf } from "../topology/drive.js";

/** @returns the text with each index looked at */
const strict = (text: string): string => {
  const marks: { at: number; mark: string }[] = [];
  full(parse(text, { ecmaVersion: 5 }), (node) => {
    const { computed, property } = node as unknown as { computed?: boolean; property?: Node };
    if (node.type !== "MemberExpression" || !computed) return;
    marks.push({ at: property!.start, mark: "hostIndex(" }, { at: property!.end, mark: ")" });
  });
  // Of two marks at one place the closing one comes first.
  marks.sort((one, other) => other.at - one.at || (one.mark === ")" ? 1 : -1));
  const marked = marks.reduce(
    (all, { at, mark }) => all.slice(0, at) + mark + all.slice(at), text);
  return `function hostIndex(index) {
    if (!(index >= 0)) throw new RangeError("index " + index);
    return index;
  }${marked}`;
};

test("an index that is no number is noticed", () => {
  const run = (index: string) => {
    const text = strict(`var list = [[1, 2]]; list[list[0][0] - 1][${index}];`);
    return () => {
      runInNewContext(text);
    };
  };
  run("0")();
  for (const index of ["-1", "0/0", "undefined + 1", "list[0][5]"]) {
    assert.throws(run(index), { name: "RangeError" }, index);
  }
});

const SIGNED: Partial<NetworkFile> = {
  algorithm: "sm",
  signatures: { trees: [{ lms: "LMS_SHA256_M24_H5", ots: "LMOTS_SHA256_N24_W2" }] },
};
const NETWORKS: [boards: number, traitors: number, more: Partial<NetworkFile>][] = [
  [4, 1, {}], [4, 1, { commander: "a" }], [7, 2, { value: "u32" }], [3, 0, {}],
  [4, 1, { auth: "mac" }], [3, 1, SIGNED], [3, 1, { ...SIGNED, auth: "mac" }],
  [4, 1, { ...SIGNED, commander: "a" }], [3, 0, SIGNED],
];

for (const [boards, traitors, more] of NETWORKS) {
  const { signatures: _, ...shown } = more;
  test(`no index is negative or no number: ${boards} boards, ${traitors} traitors, ${
    JSON.stringify(shown)}`, async () => {
    const network = networkOf(boards, traitors, more);
    const text = strict(await bundle(network, network.boards[0]!));
    const said: number[] = [];
    for (const [fault, lie] of [["drop=0.3", "split"], ["flip=0.05", "equivocate"]] as const) {
      const traitor = `${nameOf(boards - 1)}=${lie}`;
      const recording = await record(network, 0, 4, {
        lines: parseFaults(network, [fault]),
        traitors: traitors ? parseTraitors(network, [traitor]) : [],
      });
      const sim = contextBoard(network, network.boards[0]!, text, (number) => {
        said.push(number);
      });
      recording.chunks.forEach((chunks, cycle) => {
        sim.reading = recording.cycles[cycle]!.inputs[0] as number;
        for (const chunk of chunks) sim.receive(chunk);
      });
    }
    assert.ok(said.length > 5, `${said.length} frames`);
  });
}
