import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { ALGORITHMS } from "../../host/algorithms/registry.js";
import { countedAct, countedRetract } from "../../host/boards/dialect-setup.js";
import { createQuickJs } from "../../host/boards/quickjs.js";
import { actOf, retractOf } from "../../host/bundle/acts.js";
import { bundle } from "../../host/bundle/bundle.js";
import type { Network } from "../../host/network/network.js";
import { record } from "../espruino/drive.js";
import type { Recording } from "../espruino/drive.js";
import { hearOnEspruino } from "../espruino/stream.js";
import { coveringNetworks } from "./covering.js";
import { strict } from "./strict.js";

/**
 * Every two options that go together, in one network at least: its bundle is what Espruino runs, it
 * says what the emulator's node says, however its bytes are cut, and no operand is one of those of
 * which Espruino makes something else.
 */
const SEED = 7;
const CYCLES = 3;
/** Strict bundles are longer than those of boards. */
const MEMORY = 16 * 1024 * 1024;

interface Case {
  readonly about: string;
  readonly network: Network;
  readonly number: number;
  readonly text: string;
  /** The same for an emulator, which runs its scripts elsewhere. */
  readonly boxed: string;
  readonly recording: Recording;
  /** Bytes of a chunk. */
  readonly cut: number;
}

const { networks, pairs } = coveringNetworks(SEED);

/** The same for every interpreter. */
const cases: Case[] = [];
const makeCases = async (): Promise<void> => {
  for (const [at, { network, about }] of networks.entries()) {
    const number = at % network.boards.length;
    const board = network.boards[number]!;
    const text = await bundle(network, board);
    const scripts = about.includes("script");
    cases.push({
      about: `board ${number} of ${about}`, network, number, cut: 1 + ((at * 7) % 64), text,
      boxed: scripts ? await bundle(network, board, undefined, undefined,
        countedAct(actOf(network, board, true), board.layout.tentative), true, undefined,
        countedRetract(retractOf(network, board, true))) : text,
      recording: await record(network, number, CYCLES),
    });
  }
};

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe(`${networks.length} networks with ${pairs} pairs of options, seed ${SEED}`, () => {
  before(makeCases);

  it("are many, of every algorithm", () => {
    const algorithms = new Set(networks.map(({ network }) => network.file.algorithm));
    assert.deepEqual([...algorithms].toSorted(), ALGORITHMS.map(({ name }) => name).toSorted());
    assert.ok(pairs > 800);
  });

  // Nothing goes wrong in them, so whatever they lose, the plan gave them no time for.
  it("hold in the emulator as the plan times them", () => {
    for (const { about, recording } of cases) {
      const broken = recording.cycles.filter(({ verdict }) => verdict === "broken");
      assert.deepEqual(broken.map(({ cycle }) => cycle), [], about);
    }
  });

  it("have bundles that say in QuickJS what they must, with no odd operand", async () => {
    const make = await createQuickJs(MEMORY);
    for (const { about, network, number, boxed, recording, cut } of cases) {
      const said: string[] = [];
      const board = await make(network, network.boards[number]!, await strict(boxed),
        (_, bytes, from, end) => {
          said.push(hex(bytes.subarray(from, end)));
        });
      for (const [cycle, list] of recording.chunks.entries()) {
        const shown = recording.cycles[cycle]!.inputs[number] ?? undefined;
        // Rows of bytes are shown as hexadecimal digits.
        board.reading = typeof shown === "string" ? Buffer.from(shown, "hex") : shown;
        const all = Buffer.concat(list);
        for (let from = 0; from < all.length; from += cut) {
          board.receive(all.subarray(from, from + cut));
        }
      }
      assert.deepEqual(said, recording.answers.flat().map(hex), `${about}, ${cut} bytes a chunk`);
      board.close();
    }
  });

  const named = process.env["ESPRUINO"];
  const path = named === "" ? undefined : named;
  const skip = path === undefined ? "ESPRUINO names no interpreter" : false;
  if (skip) process.stderr.write(`NOT RUN: every two options on Espruino itself: ${skip}\n`);

  it("have bundles that say on Espruino what they must", { skip }, () => {
    for (const { about, network, number, text, recording, cut } of cases) {
      const heard = hearOnEspruino(
        path!, network, network.boards[number]!, text, recording, () => cut);
      assert.deepEqual([heard.said, heard.wrong], [heard.due, 0],
        `${about}, ${cut} bytes a chunk: ${JSON.stringify(heard)}`);
    }
  });
});
