import { HUB } from "../../firmware/index.js";
import { openTrace } from "../../host/trace/file.js";
import { cli } from "../cli/harness.js";

/** A board of the pump that is a script with `require("tagma")`, and what it must say. */

export interface ModuleRun {
  /** It prints a line for each frame that it sends, and for each order. */
  readonly script: string;
  readonly lines: readonly string[];
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

/** @param at where a trace may lie */
export const moduleRun = async (at: string): Promise<ModuleRun> => {
  const path = `${at}/module.trace`;
  const ran = await cli(["emulate", "boards/networks/pump.json", "--cycles", "6", "--traitor",
    "c=equivocate", "--faults", "flip@b=0.1", "--trace", path]);
  if (ran.code !== 0) throw new Error(ran.err);
  const trace = openTrace(path);
  const [heard, lines, readings]: [string[], string[], unknown[]] = [[], [], []];
  for (const event of trace.events()) {
    if (event.e === "frame") {
      const { from, to, fate, bytes } = event;
      if (to === 0 && fate !== "lost") heard.push(hex(bytes));
      if (from === 0 && to === HUB) lines.push(hex(bytes));
    } else if (event.e === "cycle") {
      readings.push(event.inputs[0]);
      lines.push(`order ${String(event.orders[0])}`);
    }
  }
  return {
    lines,
    script: `var tagma = require("tagma");
var shape = { boards: 4, traitors: 1, width: 1, commander: -1 };
var sizes = tagma.layoutOf(shape, 0, false);
var readings = ${JSON.stringify(readings)};
var parts = {
  agree: tagma.oral(sizes), type: tagma.byte, choose: tagma.majority, fallback: 0
};
var node = tagma.createNode(sizes, parts, {
  send: function (bytes, from, end) {
    var said = "";
    for (var at = from; at < end; at++) said += (bytes[at] + 256).toString(16).substr(1);
    print(said);
  },
  read: function () { return readings.shift(); },
  act: function (order) { print("order " + order); }
});
${JSON.stringify(heard)}.forEach(function (text) {
  var bytes = new Uint8Array(text.length / 2);
  for (var at = 0; at < bytes.length; at++) bytes[at] = parseInt(text.substr(2 * at, 2), 16);
  node.receive(bytes);
});
`,
  };
};
