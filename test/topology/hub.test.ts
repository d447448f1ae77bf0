/** What the hub does not relay (ROUND.3), and that no board delays the frames of another. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Network } from "../../host/network/network.js";
import { planOf } from "../../host/plan/plan.js";
import { AT_HUB } from "../../host/topology/queue.js";
import type { Happening } from "../../host/topology/queue.js";
import type { FaultInjector } from "../../host/topology/star/bus.js";
import { SEED, createRandom, replay } from "../core/random.js";
import { naiveEncode, naiveHeader, naivePayloadBytes, naiveWord } from "../frame/naive-codec.js";
import { HUB, TRANSPORTS, drive, networkOf, onLines } from "./drive.js";
import type { Driven } from "./drive.js";

const LIAR = 2;
const CYCLES = 3;

/** A frame with a good checksum, whoever it says it is of. */
const forge = (network: Network, sender: number, round: number, cycle: number): number[] => {
  const { shape } = network;
  const bytes = naivePayloadBytes(shape, round);
  const payload = Array.from({ length: bytes }, (_, at) => (at ? 200 + at % 50 : 255));
  return naiveEncode(naiveWord(shape), naiveHeader(round, sender), cycle & 255, payload);
};

const put = (happening: Happening, bytes: readonly number[]): void => {
  happening.bytes.set(bytes);
  happening.length = bytes.length;
};

/** What board 2 says in the first cycles goes through `change`. */
const liarWith = (
  change: FaultInjector["pass"],
): FaultInjector => onLines((happening, again, deadline) =>
  happening.kind !== AT_HUB || happening.board !== LIAR || happening.cycle === CYCLES - 1 ||
  change(happening, again, deadline));

const relayedOf = (driven: Driven, from: number): string[] => driven.frames
  .filter((frame) => frame.from === from && frame.to !== HUB && frame.fate !== "lost")
  .map(({ round, to, bytes }) => `${round} to ${to}: ${Buffer.from(bytes).toString("hex")}`);

const othersOf = (driven: Driven): string[] =>
  [0, 1, 3].flatMap((board) => relayedOf(driven, board).filter((line) => line.startsWith("1 ")));

const FOUR = networkOf(4, 1);
const UNTOUCHED = onLines(() => true);
const SILENT = liarWith(() => false);

/** Board 2 is as good as silent where it does this; in the last cycle it does not, and is heard. */
const refuses = (name: string, change: FaultInjector["pass"], network = FOUR): void => {
  for (const link of TRANSPORTS) {
    test(`${name}; over ${link}`, async () => {
      const { driven: ran } = await drive(network, link, CYCLES, liarWith(change));
      const { driven: silent } = await drive(network, link, CYCLES, SILENT);
      const { driven: clean } = await drive(network, link, CYCLES, UNTOUCHED);
      for (const [cycle, one] of ran.entries()) {
        const last = cycle === CYCLES - 1;
        assert.deepEqual(relayedOf(one, LIAR), last ? relayedOf(clean[cycle]!, LIAR) : []);
        assert.deepEqual(othersOf(one), othersOf((last ? clean : silent)[cycle]!));
        const vectors = ({ states }: Driven) => states.map(({ vector }) => vector);
        assert.deepEqual(vectors(one), vectors((last ? clean : silent)[cycle]!));
      }
      const refused = ran.flatMap(({ frames }) => frames)
        .filter(({ from, to, fate }) => from === LIAR && to === HUB && fate === "refused");
      assert.equal(refused.length > 0, true);
    });
  }
};

describe("the hub does not relay", () => {
  for (const claimed of [0, 1, 3, 4, 30, HUB]) {
    refuses(`a frame that says it is of ${claimed}`, (happening) => {
      put(happening, forge(FOUR, claimed, happening.round, happening.cycle));
      return true;
    });
  }

  for (const shift of [1, 2, 6]) {
    refuses(`a frame of ${shift} rounds on`, (happening) => {
      const round = (happening.round + shift) & 7;
      put(happening, forge(FOUR, LIAR, Math.max(round, 1), happening.cycle));
      // One of the round that is open would be a good frame.
      return Math.max(round, 1) !== happening.round;
    });
  }

  for (const shift of [-1, 1, 128, 255]) {
    refuses(`a frame of another cycle, ${shift} from here`, (happening) => {
      put(happening, forge(FOUR, LIAR, happening.round, happening.cycle + shift));
      return true;
    });
  }

  refuses("a frame of which the end is missing", (happening) => {
    happening.length -= 1;
    return true;
  });

  refuses("a frame with a wrong bit", (happening) => {
    happening.bytes[happening.length - 1]! ^= 128;
    return true;
  });

  refuses("nothing but zeros", (happening) => {
    happening.bytes.fill(0);
    return true;
  });

  const random = createRandom(SEED);
  refuses(`garbage; ${replay}`, (happening) => {
    put(happening, Array.from({ length: happening.bytes.length }, () => random() & 255));
    return true;
  });
});

describe("with one commander, the hub does not relay", () => {
  refuses("a lieutenant's frame of round 1", (happening) => {
    put(happening, forge(networkOf(4, 1, { commander: "a" }), LIAR, 1, happening.cycle));
    return true;
  }, networkOf(4, 1, { commander: "a" }));

  refuses("the commander's frame of round 2", (happening) => {
    put(happening, forge(networkOf(4, 1, { commander: "c" }), LIAR, 2, happening.cycle));
    return true;
  }, networkOf(4, 1, { commander: "c" }));
});

describe("the hub relays once", () => {
  for (const link of TRANSPORTS) {
    for (const apart of [0, 1, planOf(FOUR).guard]) {
      test(`the first of two frames, ${apart} bits apart; over ${link}`, async () => {
        const { driven: clean } = await drive(FOUR, link, CYCLES, UNTOUCHED);
        const { driven: ran } = await drive(FOUR, link, CYCLES, liarWith((happening, again) => {
          const first = happening.bytes.slice(0, happening.length);
          put(happening, forge(FOUR, LIAR, happening.round, happening.cycle));
          again(happening, happening.time + apart);
          put(happening, [...first]);
          return true;
        }));
        for (const [cycle, { frames, states }] of ran.entries()) {
          assert.deepEqual(relayedOf(ran[cycle]!, LIAR), relayedOf(clean[cycle]!, LIAR));
          assert.deepEqual(states, clean[cycle]!.states);
          const fates = frames.filter(({ from, to }) => from === LIAR && to === HUB)
            .map(({ fate }) => fate);
          assert.deepEqual(fates, cycle === CYCLES - 1
            ? ["heard", "heard"] : ["heard", "refused", "heard", "refused"]);
        }
      });
    }

    test(`a frame with another mask as it makes it itself; over ${link}`, async () => {
      const { driven: clean } = await drive(FOUR, link, CYCLES, UNTOUCHED);
      let others = 0;
      const { driven: ran } = await drive(FOUR, link, CYCLES, liarWith(({ bytes, length }) => {
        const [mask, said] = [bytes[1]!, bytes.subarray(0, length)];
        const other = said.findIndex((_, at) => at > 0 && !said.includes(at));
        for (let at = 1; at < length; at++) if (bytes[at] === mask) bytes[at] = other;
        others++;
        return true;
      }));
      assert.ok(others > 0);
      for (const [cycle, one] of ran.entries()) {
        assert.deepEqual(relayedOf(one, LIAR), relayedOf(clean[cycle]!, LIAR));
        assert.deepEqual(one.states, clean[cycle]!.states);
      }
    });

    test(`a good frame behind garbage and another's, in one chunk; over ${link}`, async () => {
      const { driven: clean } = await drive(FOUR, link, CYCLES, UNTOUCHED);
      const { driven: ran } = await drive(FOUR, link, CYCLES, liarWith((happening) => {
        const { bytes, length, round, cycle } = happening;
        put(happening, [7, 0, 9, ...forge(FOUR, 1, round, cycle), ...bytes.slice(0, length)]);
        return true;
      }));
      for (const [cycle, one] of ran.entries()) {
        assert.deepEqual(relayedOf(one, LIAR), relayedOf(clean[cycle]!, LIAR));
        assert.deepEqual(one.states, clean[cycle]!.states);
      }
    });
  }
});

test("a board that never stops talking delays nobody", async () => {
  for (const network of [FOUR, networkOf(7, 2, { baud: 9600 })]) {
    const random = createRandom(SEED);
    const talks = liarWith((happening, again, deadline) => {
      // Everything it can put on its line in twice the time that it has: good frames and garbage.
      const good = Array.from(happening.bytes.subarray(0, happening.length));
      const forged = forge(network, 1, happening.round, happening.cycle);
      for (let time = happening.time; time < 2 * deadline; time += 10 * happening.length) {
        if (random() & 1) put(happening, Array.from({ length: 30 }, () => random() & 255));
        else put(happening, random() & 1 ? good : forged);
        again(happening, time);
      }
      return false;
    });
    const { plan, driven: clean } = await drive(network, "memory", CYCLES, UNTOUCHED);
    const { driven: ran } = await drive(network, "memory", CYCLES, talks);
    for (const [cycle, { frames, began, ended }] of ran.entries()) {
      assert.deepEqual(began, clean[cycle]!.began);
      assert.equal(ended, clean[cycle]!.ended);
      const said = frames.filter(({ from, to }) => from !== LIAR && from !== HUB && to !== HUB);
      const due = clean[cycle]!.frames.filter(({ from, to }) =>
        from !== LIAR && from !== HUB && to !== HUB);
      assert.equal(said.length, due.length);
      for (const { t, round, to, fate } of said) {
        const { deadline, frame, heard } = plan.rounds[round - 1]!;
        assert.equal(fate, "heard");
        assert.ok(t <= began[round]! + deadline + 10 * frame * heard, `to ${to} at ${t}`);
      }
      // It has one frame in each round at most, and so has everybody a place behind it.
      for (const { number } of network.boards) {
        if (number === LIAR) continue;
        const copies = frames.filter(({ from, to }) => from === LIAR && to === number);
        assert.equal(copies.length <= network.rounds, true);
      }
    }
  }
});
