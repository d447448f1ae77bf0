/** Frames of signed networks as SPEC.md has them, read and checked by naive code alone. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { PLAIN, START } from "../../firmware/index.js";
import type { FrameEvent } from "../../host/events/events.js";
import { madeUpKeys } from "../../host/keys/keys.js";
import type { Network } from "../../host/network/network.js";
import { LMOTS, LMS, naiveVerify } from "../auth/naive-lms.js";
import { HUB, networkOf, run, steady } from "../topology/drive.js";

const W = 1;
/** SHA-256/192, W 4, H 5: see RFC 8554, section 5.4 and SP 800-208. */
const SIGNATURE = 4 + 12 + 24 * (1 + 51 + 5);
const TREES = [{ lms: "LMS_SHA256_M24_H5", ots: "LMOTS_SHA256_N24_W4" }];

const signed = (boards: number, traitors: number): Network =>
  networkOf(boards, traitors, { algorithm: "sm", signatures: { trees: TREES } });

/** FRAME.1 to FRAME.6, words of two bytes: the payload of a frame whose bytes are all good. */
const payloadOf = (bytes: Uint8Array): number[] => {
  const mask = [bytes[2]!, bytes[3]!];
  const content: number[] = [];
  for (let at = 4; at < bytes.length; ) {
    const masked = (mask[0] !== 0 || mask[1] !== PLAIN) &&
      bytes[at] === mask[0] && bytes[at + 1] === mask[1];
    content.push(...(masked ? [START, START] : [bytes[at]!]));
    at += masked ? 2 : 1;
  }
  return content.slice(2, -2);
};

interface Item {
  readonly order: number[];
  readonly signers: number[];
  readonly signatures: Uint8Array[];
}

/** FRAME.19, FRAME.20 */
const itemsOf = (payload: readonly number[], round: number, rounds: number, boards: number) => {
  const count = round === 1 ? 1 : (boards - 1) * (round === 2 ? 1 : 2);
  const between = Math.max(0, round - 2);
  const signatures = round === rounds ? round - 1 : round;
  const bitmap = Math.ceil(count / 8);
  const size = W + between + signatures * SIGNATURE;
  assert.equal(payload.length, bitmap + count * size);
  return Array.from({ length: count }, (_, index): Item | undefined => {
    if (((payload[Math.floor(index / 8)]! >> (index % 8)) & 1) === 0) return undefined;
    const item = payload.slice(bitmap + index * size, bitmap + (index + 1) * size);
    return {
      order: item.slice(0, W), signers: item.slice(W, W + between),
      signatures: Array.from({ length: signatures }, (__, at) => {
        const from = W + between + at * SIGNATURE;
        return Uint8Array.from(item.slice(from, from + SIGNATURE));
      }),
    };
  });
};

/** FRAME.21 */
const messageOf = (network: Network, cycle: number, commander: number, order: number[]) =>
  Uint8Array.from([
    ...createHash("sha256").update(JSON.stringify(network.file)).digest().subarray(0, 8),
    cycle >>> 24, (cycle >>> 16) & 255, (cycle >>> 8) & 255, cycle & 255, commander, ...order,
  ]);

/** @returns how many signatures of a frame check, which must be all */
const checkFrame = (network: Network, frame: FrameEvent, share: number): number => {
  const { from, round, cycle, bytes } = frame;
  const keys = madeUpKeys(network.signing!);
  const inputs = steady(network)(0);
  const [lms, ots] = [LMS["LMS_SHA256_M24_H5"]!, LMOTS["LMOTS_SHA256_N24_W4"]!];
  const others = inputs.map((_, board) => board).filter((board) => board !== from);
  let checked = 0;
  itemsOf(payloadOf(bytes), round, network.rounds, inputs.length).forEach((item, index) => {
    const of = round === 1 ? from : others[round === 2 ? index : index >> 1]!;
    // Nobody lies: each order is relayed once, in round 2.
    assert.equal(item !== undefined, round <= 2, `${from} in ${round}: item ${index}`);
    if (!item) return;
    assert.deepEqual(item.order, [inputs[of]]);
    const chain = round === 1 ? [of] : [of, ...item.signers, from];
    const message = messageOf(network, cycle, of, item.order);
    for (const [place, signature] of item.signatures.entries()) {
      const { key } = keys[chain[place]!]!;
      const named = Uint8Array.from([0, 0, 0, lms.type, 0, 0, 0, ots.type, ...key]);
      assert.deepEqual([...signature.subarray(0, 4)], [0, 0, 0, 0]);
      assert.equal(naiveVerify(lms, ots, named, message, signature.slice(4)), true);
      const leaf = new DataView(signature.buffer).getUint32(4);
      assert.equal(Math.floor(leaf / share), cycle);
      checked++;
    }
  });
  return checked;
};

describe("what correct boards say", () => {
  for (const [boards, traitors, share] of [[3, 1, 1], [4, 2, 8]] as const) {
    test(`FRAME.19 to FRAME.22: ${boards} boards, ${traitors} traitors`, async () => {
      const network = signed(boards, traitors);
      const { frames } = await run({ network, cycles: 2, readings: steady(network) });
      let checked = 0;
      for (const frame of frames) {
        if (frame.from !== HUB && frame.to === HUB) checked += checkFrame(network, frame, share);
      }
      // A commander's signature in rounds 1 and 2, and where m > 1 the relay's.
      const pairs = boards * (boards - 1);
      assert.equal(checked, 2 * (boards + pairs * (traitors > 1 ? 2 : 1)));
    });
  }
});
