/** Rounds and their deadlines (SPEC.md, "Rounds" and "Times"), to the bit, over both links. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Network } from "../../host/network/network.js";
import { planOf } from "../../host/plan/plan.js";
import { AT_HUB } from "../../host/topology/queue.js";
import type { FaultInjector } from "../../host/topology/star/bus.js";
import { HUB, TRANSPORTS, drive, nameOf, networkOf, onLines, run, steady } from "./drive.js";
import type { Driven } from "./drive.js";

// By m and round: how many other frames must be lost for a last one to matter to the vector.
const LOST: readonly (readonly number[])[] = [[], [0, 1], [0, 2, 3]];

const NETWORKS = [networkOf(4, 1), networkOf(7, 2)];

/** One cycle: a board's frame of one round is touched, and some others' of that round are lost. */
interface Case {
  readonly board: number;
  readonly round: number;
}

const casesOf = ({ boards, rounds }: Network): Case[] =>
  Array.from({ length: rounds * boards.length }, (_, at) =>
    ({ board: at % boards.length, round: 1 + Math.floor(at / boards.length) }));

/** In cycle c, that what `cases[c]` names meets `touch`. */
const troubleOf = (
  { boards, shape }: Network, cases: readonly Case[], touch: FaultInjector["pass"],
): FaultInjector => onLines((happening, again, deadline) => {
  const { board, round } = cases[happening.cycle]!;
  if (happening.kind !== AT_HUB || happening.round !== round) return true;
  const after = (happening.board - board + boards.length) % boards.length;
  return after ? after > LOST[shape.traitors]![round - 1]! : touch(happening, again, deadline);
});

const vectorsOf = ({ states }: Driven) => states.map(({ vector }) => vector);

/** Everything about the touched frame: at the hub, what came of it, and to whom it was relayed. */
const fateOf = ({ frames, began }: Driven, { board, round }: Case) => {
  const own = frames.filter((frame) =>
    frame.from === board && frame.round === round && frame.fate !== "lost");
  return {
    atHub: own.filter(({ to }) => to === HUB)
      .map(({ t, fate }) => ({ after: t - began[round]!, fate })),
    relayed: own.filter(({ to }) => to !== HUB).map(({ to, fate }) => `${to} ${fate}`).toSorted(),
  };
};

const everyOther = (network: Network, board: number): string[] =>
  network.boards.filter(({ number }) => number !== board).map(({ number }) => `${number} heard`);

/** The vectors with the touched frame in time, and with it lost, which must not be the same. */
const references = async (network: Network, cases: readonly Case[]) => {
  const inTime = await drive(
    network, "memory", cases.length, troubleOf(network, cases, () => true),
  );
  const lost = await drive(network, "memory", cases.length, troubleOf(network, cases, () => false));
  cases.forEach(({ board, round }, at) => {
    assert.notDeepEqual(
      vectorsOf(inTime.driven[at]!), vectorsOf(lost.driven[at]!),
      `board ${board}, round ${round}: it makes no difference whether this frame is heard`,
    );
  });
  return { inTime: inTime.driven, lost: lost.driven };
};

for (const transport of TRANSPORTS) {
  for (const network of NETWORKS) {
    const n = network.boards.length;
    const cases = casesOf(network);
    describe(`${n} boards over ${transport}: of each board in each round`, () => {
      for (const shift of [-1, 0, 1]) {
        const name = ["one bit before", "exactly at", "one bit after"][shift + 1]!;
        const title = `a frame that ends ${name} the deadline ${shift > 0 ? "is ⊥" : "counts"}`;
        test(title, async () => {
          const { inTime, lost } = await references(network, cases);
          const { plan, driven } = await drive(network, transport, cases.length, troubleOf(
            network, cases, (happening, again, deadline) => {
              again(happening, deadline + shift);
              return false;
            },
          ));
          const shown = steady(network)(0);
          cases.forEach((one, at) => {
            const { board, round } = one;
            const after = plan.rounds[round - 1]!.deadline + shift;
            const late = shift > 0;
            assert.deepEqual(fateOf(driven[at]!, one), {
              atHub: [{ after, fate: late ? "late" : "heard" }],
              relayed: late ? [] : everyOther(network, board),
            });
            const vectors = vectorsOf(driven[at]!);
            assert.deepEqual(vectors, vectorsOf((late ? lost : inTime)[at]!));
            if (round > 1) return;
            vectors.forEach((vector, receiver) => {
              const known = !late || receiver === board;
              assert.equal(vector[board], known ? shown[board] : undefined);
            });
          });
        });
      }

      for (const { name, rest, counts } of [
        { name: "by the deadline, and whole by then, counts", rest: 0, counts: true },
        { name: "by the deadline, its rest a bit after that, is ⊥", rest: 1, counts: false },
        { name: "by the next beacon is ⊥", rest: Infinity, counts: false },
      ]) {
        test(`a frame that is cut ${name}, and the one after it is heard`, async () => {
          const { inTime, lost } = await references(network, cases);
          const longest = Math.max(...planOf(network).rounds.map(({ length }) => length));
          const { driven } = await drive(network, transport, cases.length, troubleOf(
            network, cases, (happening, again, deadline) => {
              const { bytes, length } = happening;
              const part = length >> 1;
              const whole = bytes.slice(0, length);
              happening.length = part;
              again(happening, deadline);
              bytes.set(whole.subarray(part));
              happening.length = length - part;
              again(happening, deadline + Math.min(rest, longest));
              return false;
            },
          ));
          cases.forEach((one, at) => {
            const { board, round } = one;
            const { atHub, relayed } = fateOf(driven[at]!, one);
            assert.deepEqual(
              atHub.map(({ fate }) => fate),
              // Where the rest comes when the cycle is over, it is part of the next one's trace.
              counts ? ["refused", "heard"] : ["refused", "late"].slice(0, atHub.length),
            );
            assert.deepEqual(relayed, counts ? everyOther(network, board) : []);
            assert.deepEqual(vectorsOf(driven[at]!), vectorsOf((counts ? inTime : lost)[at]!));
            if (round === network.rounds) return;
            const next = fateOf(driven[at]!, { board, round: round + 1 });
            assert.deepEqual(next.relayed, everyOther(network, board));
          });
        });
      }
    });
  }
}

describe("a traitor at the deadline", () => {
  for (const transport of TRANSPORTS) {
    for (const [shift, fate] of [[-1, "heard"], [0, "heard"], [1, "late"]] as const) {
      test(`${shift} bits late over ${transport} is ${fate} in all rounds`, async () => {
        const network = networkOf(4, 1);
        const plan = planOf(network);
        for (const { number: board } of network.boards) {
          const { summary, frames, beacons, cycles } = await run({
            network, transport, readings: steady(network),
            traitors: [{ board, name: "late", parameter: [shift] }],
          });
          assert.equal(summary.verdict, "held");
          const opened = (cycle: number, round: number) =>
            beacons.find((one) => one.cycle === cycle && one.round === round)!.t;
          const own = frames.filter(({ from, to, fate: how }) =>
            from === board && to === HUB && how !== "lost");
          assert.deepEqual(
            own.map((one) =>
              [one.cycle, one.round, one.t - opened(one.cycle, one.round), one.fate]),
            cycles.flatMap(({ cycle }) => plan.rounds.map(({ round, deadline }) =>
              [cycle, round, deadline + shift, fate])),
          );
          for (const { vectors, inputs } of cycles) {
            vectors.forEach((vector, at) => {
              if (at === board) assert.equal(vector, null);
              else assert.equal(vector![board], fate === "heard" ? inputs[board] : null);
            });
          }
        }
      });
    }

    for (const [n, m] of [[4, 1], [7, 2]] as const) {
      test(`at the edge over ${transport}: of ${n} boards every other hears it late`, async () => {
        const network = networkOf(n, m);
        for (let first = 0; first < n; first++) {
          const liars = Array.from({ length: m }, (_, at) => (first + at) % n);
          const { summary, frames, beacons, cycles } = await run({
            network, transport,
            traitors: liars.map((board) => ({ board, name: "edge", parameter: [] })),
          });
          assert.equal(summary.verdict, "held", liars.map(nameOf).join());
          assert.equal(cycles.every(({ agreement, validity }) => agreement && validity), true);
          const own = frames.filter(({ from, to }) => liars.includes(from) && to !== HUB);
          const late = network.boards.map(() => 0);
          for (const { t, cycle, round, to, fate } of own) {
            const closes = (round + 1) % (m + 2);
            const next = beacons.find((one) => one.cycle === cycle && one.round === closes)!;
            const rank = network.boards.filter(({ number }) =>
              number < to && !liars.includes(number)).length;
            assert.equal(fate, rank & 1 ? "late" : "heard");
            assert.equal(t > next.t, (rank & 1) === 1, `round ${round} to ${to} at ${t}`);
            if (fate === "late") late[to]!++;
          }
          assert.equal(late.some((count) => count > 0), true);
          summary.counts.forEach((counts, board) => {
            assert.equal(counts["late"]! + counts["stale"]!, late[board], `board ${board}`);
          });
        }
      });
    }
  }
});

for (const transport of TRANSPORTS) {
  test(`over ${transport}, frames that end at the deadline fill the round`, async () => {
    for (const network of NETWORKS) {
      const last = onLines((happening, again, deadline) => {
        if (happening.kind !== AT_HUB) return true;
        again(happening, deadline);
        return false;
      });
      const { plan, driven } = await drive(network, transport, 2, last);
      for (const { frames, began, states } of driven) {
        for (const { round, length } of plan.rounds) {
          const copies = frames.filter((frame) =>
            frame.round === round && frame.from !== HUB && frame.to !== HUB);
          assert.equal(copies.length, network.boards.length * (network.boards.length - 1));
          assert.deepEqual(copies.filter(({ fate }) => fate !== "heard"), []);
          assert.equal(Math.max(...copies.map(({ t }) => t)), began[round]! + length);
        }
        for (const { vector, counts } of states) {
          assert.deepEqual(vector, steady(network)(0));
          assert.deepEqual(Object.values(counts).filter(Boolean), []);
        }
      }
    }
  });
}

test("an answer begins when its beacon has ended and the compute time is over", async () => {
  const network = networkOf(4, 1);
  const { plan, driven } = await drive(network, "memory", 1, onLines(() => true));
  for (const { from, round, t, bytes } of driven[0]!.frames.filter(({ to }) => to === HUB)) {
    const { beacon, compute } = plan.rounds[round - 1]!;
    assert.equal(t - 10 * bytes.length, driven[0]!.began[round]! + 10 * beacon + compute[from]!);
  }
});
