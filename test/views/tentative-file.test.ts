/** `"tentative"` in a network file, and how an order is taken back. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ballotRefusal } from "../../firmware/ballots/layout.js";
import { actOf, retractOf } from "../../host/bundle/acts.js";
import { sourcesOf } from "../../host/bundle/bundle.js";
import { parseNetwork } from "../../host/network/network.js";
import { shapeOf } from "../ballots/shapes.js";
import { networksOf } from "./drive.js";

const BOARDS = "abcdef".split("").map((name) => ({ name, kind: "EMULATED" }));
const networkOf = (changes: object) =>
  networksOf("fab", "a b c d e f")({ tentative: true, ...changes });
/** A network, and its first board with this order. */
const withOrder = (order: { pin: string; scale?: number }, changes: object = {}) => {
  const network = networkOf(changes);
  const [first] = network.boards;
  return { network, board: { ...first!, file: { ...first!.file, order } } };
};

describe("tentative in a network file", () => {
  it("is of FaB with a leader alone", () => {
    for (const algorithm of ["lbp", "lfab", "pbft", "paxos"]) {
      assert.throws(() => networkOf({ algorithm }), new RegExp(
        `tentative: true, "algorithm": "${algorithm}" acts on decisions alone, only "fab" may`));
    }
    assert.throws(() => networksOf("om", "a b c d")({ tentative: true, review: undefined }),
      /tentative: "algorithm": "om" has no ballots/);
    assert.equal(networkOf({}).boards[0]!.layout.tentative, true);
    assert.equal(networkOf({ tentative: false }).boards[0]!.layout.tentative, false);
    assert.match(ballotRefusal({ ...shapeOf("pbft", 4, 1, 2, false, 4), tentative: true }),
      /^tentative: only Fast/);
    assert.match(ballotRefusal({ ...shapeOf("fab", 6, 1, 2), tentative: true }), /^tentative/);
    assert.equal(
      ballotRefusal({ ...shapeOf("led fab", 6, 1, 2, false, 4), tentative: true }), "");
  });

  it("asks of a script how its order is taken back, and of no other", () => {
    const fileOf = (order: object, tentative: boolean) => ({
      ...networkOf({}).file, tentative, boards: [{ ...BOARDS[0], order }, ...BOARDS.slice(1)],
    });
    const parse = (order: object, tentative: boolean) =>
      parseNetwork(fileOf(order, tentative), "n.json");
    assert.throws(() => parse({ script: "go(order)" }, true),
      /boards\[0\]\.order\.retract: is missing, with "tentative": true a script/);
    assert.throws(() => parse({ script: "go(order)", retract: "go(before)" }, false),
      /boards\[0\]\.order\.retract: is never run, only with "tentative": true/);
    assert.throws(() => parse({ script: "go(order)", retract: "go(" }, true),
      /boards\[0\]\.order\.retract: is not JavaScript/);
    const network = parse({ script: "go(order, tentative)", retract: "go(before)" }, true);
    const [board] = network.boards;
    assert.equal(actOf(network, board!),
      "function(order,slot,tentative){try{go(order, tentative)\n}catch(e){}}");
    assert.equal(actOf(network, board!, true),
      'function(order,slot,tentative){hostBoxed("act",order,slot,undefined,tentative)}');
    assert.equal(retractOf(network, board!),
      "function(order,slot,before){try{go(before)\n}catch(e){}}");
    assert.deepEqual(sourcesOf(network, board!), {
      act: "function(order,slot,health,tentative){go(order, tentative)\n}",
      retract: "function(order,slot,before){go(before)\n}",
    });
  });

  it("has a pin put out again what was there before", () => {
    const { network, board } = withOrder({ pin: "B3", scale: 255 });
    assert.equal(retractOf(network, board),
      "function(order,slot,before){analogWrite(B3,before/255)}");
    const lamp = withOrder({ pin: "B3" }, { value: "bool", default: false });
    assert.equal(retractOf(lamp.network, lamp.board),
      "function(order,slot,before){digitalWrite(B3,before)}");
  });
});
