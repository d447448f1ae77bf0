/** The judge, on outcomes made by hand: each property is broken by the least that breaks it. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { show } from "../../host/base/values.js";
import type { Value } from "../../host/base/values.js";
import { OWN_ENGINES } from "../../host/boards/board.js";
import { PROPERTIES, judge } from "../../host/judge/oracle.js";
import type { Judgement, Law, Outcome } from "../../host/judge/oracle.js";
import { networkOf, run, steady } from "../topology/drive.js";

type Judge = typeof judge;

/** Something to judge, and what is right to say. */
interface Sample {
  readonly name: string;
  readonly law: Law;
  readonly cycle: number;
  readonly inputs: readonly (Value | undefined)[];
  readonly outcomes: readonly Outcome[];
  readonly faulty: ReadonlySet<number>;
  readonly broken: readonly (keyof Judgement)[];
}

const CYCLE = 6;
/** A script decides, so that any order will do as long as it is the same. */
const ALL: Law = {
  rounds: 2, commander: -1, traitors: 1, decision: { script: "12" }, fallback: 0, whole: true,
};
const ONE: Law = { ...ALL, commander: 1 };
const INPUTS = [11, 12, 13, 14];
const bytes = (...of: number[]): Uint8Array => Uint8Array.from(of);

const good = (vector: readonly (Value | undefined)[], order: Value): Outcome =>
  ({ cycle: CYCLE, rounds: 2, acts: 1, vector, order });

/** All is well, but for what `change` says of single boards. */
const sample = (
  name: string, broken: readonly (keyof Judgement)[],
  change: Partial<Omit<Sample, "outcomes">> & {
    readonly common?: Outcome;
    readonly at?: Readonly<Record<number, Partial<Outcome>>>;
  } = {},
): Sample => {
  const { common = good(INPUTS, 12), at = {}, ...rest } = change;
  return {
    law: ALL, cycle: CYCLE, inputs: INPUTS, faulty: new Set(), ...rest, name, broken,
    outcomes: INPUTS.map((_, board) => ({ ...common, ...at[board] })),
  };
};

const AGREE: readonly (keyof Judgement)[] = ["agreement"];
const FAULTY_3 = { faulty: new Set([3]) };
const COMMANDED = [undefined, 12, undefined, undefined];

const allCommand: Sample[] = [
  sample("all is well", []),
  sample("a faulty board's entry is ⊥ everywhere", [], {
    ...FAULTY_3, common: good([11, 12, 13, undefined], 12),
  }),
  sample("a faulty board's entry is anything, the same everywhere", [], {
    ...FAULTY_3, common: good([11, 12, 13, 99], 12),
  }),
  sample("a sensor could not be read, and its entry is ⊥", [], {
    inputs: [11, undefined, 13, 14], common: good([11, undefined, 13, 14], 11),
  }),
  sample("IC1: one board holds another entry for a faulty one", AGREE, {
    ...FAULTY_3, at: { 2: { vector: [11, 12, 13, 15] } },
  }),
  sample("IC1: one board holds ⊥ for a faulty one", AGREE, {
    ...FAULTY_3, at: { 0: { vector: [11, 12, 13, undefined] } },
  }),
  sample("IC1: the first board alone differs", AGREE, {
    ...FAULTY_3, at: { 0: { vector: [11, 12, 13, 15] } },
  }),
  sample("IC1: the first board is faulty and the second one differs", AGREE, {
    faulty: new Set([0]), at: { 1: { vector: [10, 12, 13, 14] } },
  }),
  sample("IC1: false and 0 are not the same", AGREE, {
    ...FAULTY_3, common: good([11, 12, 13, 0], 12), at: { 1: { vector: [11, 12, 13, false] } },
  }),
  sample("one order differs, over the same vector", AGREE, { at: { 3: { order: 13 } } }),
  sample("IC2: all hold a wrong entry for a correct board", ["validity", "truth"], {
    common: good([11, 12, 13, 15], 12),
  }),
  sample("IC2: all hold ⊥ for a correct board: no truth is broken", ["validity"], {
    common: good([11, 12, undefined, 14], 12),
  }),
  sample("IC2: all hold a value where there was no reading", ["validity", "truth"], {
    inputs: [11, undefined, 13, 14],
  }),
  sample("IC2: one holds ⊥ for a correct board", ["agreement", "validity"], {
    at: { 1: { vector: [11, 12, 13, undefined] } },
  }),
  sample("IC2: one holds a wrong entry for itself", ["agreement", "validity", "truth"], {
    at: { 2: { vector: [11, 12, 12, 14] } },
  }),
  sample("IC1: a vector that is too short", ["agreement", "validity"], {
    at: { 3: { vector: [11, 12, 13] } },
  }),
  sample("one decided the cycle before", ["agreement", "validity", "termination", "order"], {
    at: { 3: { cycle: CYCLE - 1 } },
  }),
  sample("one never decided", ["agreement", "validity", "termination", "order"], {
    at: { 0: { cycle: -1 } },
  }),
  sample("all decided the cycle before", ["agreement", "validity", "termination", "order"], {
    common: { ...good(INPUTS, 12), cycle: CYCLE - 1 },
  }),
  sample("one decided after one round", ["termination"], { at: { 2: { rounds: 1 } } }),
  sample("one decided after three rounds", ["termination"], { at: { 1: { rounds: 3 } } }),
  sample("all decided after three rounds", ["termination"], {
    common: { ...good(INPUTS, 12), rounds: 3 },
  }),
];

const faultyBoards: Sample[] = [
  ...([
    ["its vector is wrong", { vector: [1, 2, 3, 4] }], ["its order is wrong", { order: 99 }],
    ["it never decided", { cycle: -1 }], ["it acted often", { acts: 9 }],
    ["it took another number of rounds", { rounds: 9 }],
    ["it has nothing", { cycle: -1, rounds: 0, vector: [], order: 0 }],
  ] as const).flatMap(([name, outcome]) => [0, 3].map((board) =>
    sample(`board ${board} is faulty: ${name}`, [], {
      faulty: new Set([board]), at: { [board]: outcome },
    }))),
  sample("two are faulty and the others are well", [], {
    faulty: new Set([0, 2]), at: { 0: { order: 1 }, 2: { cycle: 0 } },
  }),
  sample("another one than the faulty one differs", AGREE, {
    ...FAULTY_3, at: { 2: { order: 1 } },
  }),
];

const oneCommander: Sample[] = [
  sample("all hold the commander's value and nothing else", [], {
    law: ONE, common: good(COMMANDED, 12),
  }),
  sample("all hold ⊥ for the correct commander", ["validity"], {
    law: ONE, common: good(INPUTS.map(() => undefined), 0),
  }),
  sample("all hold another value for the correct commander", ["validity", "truth"], {
    law: ONE, common: good([undefined, 13, undefined, undefined], 13),
  }),
  sample("all hold something for one that does not command", ["validity", "truth"], {
    law: ONE, common: good([undefined, 12, 13, undefined], 12),
  }),
  sample("the commander is faulty, and all hold the same", [], {
    law: ONE, faulty: new Set([1]), common: good([undefined, 77, undefined, undefined], 77),
  }),
  sample("the commander is faulty, and they are told different values", AGREE, {
    law: ONE, faulty: new Set([1]), common: good([undefined, 77, undefined, undefined], 77),
    at: { 2: { vector: [undefined, 78, undefined, undefined] } },
  }),
];

const ROWS = INPUTS.map((input) => bytes(input, 0));
const ofBytes: Sample[] = [
  sample("rows of bytes that are equal, each board with its own", [], {
    inputs: ROWS, common: good(INPUTS.map((input) => bytes(input, 0)), bytes(12, 0)),
    at: { 2: good(INPUTS.map((input) => bytes(input, 0)), bytes(12, 0)) },
  }),
  sample("rows of bytes of which the last byte differs", AGREE, {
    inputs: ROWS, ...FAULTY_3, common: good(ROWS, bytes(12, 0)),
    at: { 1: { vector: ROWS.with(3, bytes(14, 1)) } },
  }),
  sample("orders of bytes that differ", AGREE, {
    inputs: ROWS, common: good(ROWS, bytes(12, 0)), at: { 1: { order: bytes(12, 1) } },
  }),
];

/** A vector, the order that is right for it and some that are not. */
const decided = (
  decision: Law["decision"], vector: readonly (Value | undefined)[], right: Value,
  wrong: readonly Value[], change: Partial<Law> = {},
): Sample[] => [right, ...wrong].map((order, at) => ({
  ...sample(`${JSON.stringify(decision)} of ${JSON.stringify(vector.map(show))} is ${
    show(order)}`, at ? ["order"] : [], {
    inputs: vector, law: { ...ALL, decision, fallback: 77, ...change },
  }),
  outcomes: vector.map(() => good(vector, order)),
}));

const WHOLE_NOT = { whole: false };
const orders: Sample[] = [
  ...decided("majority", [5, 5, 5, 9], 5, [9, 77, 6]),
  ...decided("majority", [5, 5, 9, 9], 77, [5, 9, 7]),
  ...decided("majority", [5, 5, 9, undefined], 5, [9, 77]),
  ...decided("majority", [undefined, undefined, undefined, undefined], 77, [0]),
  ...decided("majority", [true, true, false, true], true, [false, 1]),
  ...decided("majority", [bytes(1, 2), bytes(1, 2), bytes(1, 3)], bytes(1, 2), [bytes(1, 3)]),
  ...decided("median", [9, 100, 20, 3], 9, [20, 14, 77]),
  ...decided("median", [9, undefined, 100, 20], 20, [9, 100, 77]),
  ...decided("median", [undefined, undefined], 77, [0]),
  ...decided("midpoint", [9, 100, 20, 4], 14, [14.5, 15, 52, 77]),
  ...decided("midpoint", [9, 100, 20, 4], 14.5, [14, 77], WHOLE_NOT),
  ...decided("midpoint", [-9, -100, -20, -4], -15, [-14, -14.5, 77]),
  ...decided("midpoint", [9, 100, 20], 20, [54, 9, 77]),
  ...decided("midpoint", [9, undefined, 20], 77, [14, 9, 20]),
  ...decided("midpoint", [9, undefined, undefined], 77, [9]),
  ...decided("midpoint", [9, 100, 20, 4], 52, [14], { traitors: 0 }),
  ...decided("unanimous", [true, true, true, true], true, [false]),
  ...decided("unanimous", [true, true, false, true], false, [true]),
  ...decided("unanimous", [true, undefined, true, true], false, [true]),
  ...decided({ script: "vector[0]" }, [9, 100, 20, 4], 5, []),
  sample("one carried out no order", ["order"], { at: { 1: { acts: 0 } } }),
  sample("one carried out its order twice", ["order"], { at: { 3: { acts: 2 } } }),
  sample("nobody knows how often orders were carried out", [], {
    common: { ...good(INPUTS, 12), acts: undefined },
  }),
  sample("one took the fallback in place of what its vector gives", ["agreement", "order"], {
    law: { ...ALL, decision: "median" }, at: { 2: { order: 0 } },
  }),
];

const SAMPLES = [...allCommand, ...faultyBoards, ...oneCommander, ...ofBytes, ...orders];

const judged = (by: Judge, { law, cycle, inputs, outcomes, faulty }: Sample): Judgement =>
  by(law, cycle, inputs, outcomes, faulty);

const right = ({ broken }: Sample): Judgement => ({
  agreement: !broken.includes("agreement"), validity: !broken.includes("validity"),
  truth: !broken.includes("truth"), termination: !broken.includes("termination"),
  order: !broken.includes("order"),
});

describe("the judge finds", () => {
  for (const one of SAMPLES) {
    test(`${one.broken.join(" and ") || "nothing"} broken: ${one.name}`, () => {
      assert.deepEqual(judged(judge, one), right(one));
    });
  }
});

/** Judges that are wrong, each in one way. */
const WRONG: Readonly<Record<string, Judge>> = {
  "always says yes": () =>
    ({ agreement: true, validity: true, truth: true, termination: true, order: true }),
  "never says yes": () =>
    ({ agreement: false, validity: false, truth: false, termination: false, order: false }),
  ...Object.fromEntries(PROPERTIES.flatMap((name) => [true, false].map((said): [string, Judge] =>
    [`always says ${said} of ${name}`, (...of) => ({ ...judge(...of), [name]: said })]))),
  "looks at faulty boards": (law, cycle, inputs, outcomes) =>
    judge(law, cycle, inputs, outcomes, new Set()),
  "takes everybody for a commander": (law, ...of) => judge({ ...law, commander: -1 }, ...of),
  "takes any cycle": (law, cycle, inputs, outcomes, faulty) =>
    judge(law, cycle, inputs, outcomes.map((one) => ({ ...one, cycle })), faulty),
  "takes any number of rounds": (law, cycle, inputs, outcomes, faulty) =>
    judge(law, cycle, inputs, outcomes.map((one) => ({ ...one, rounds: law.rounds })), faulty),
  "takes at least m+1 rounds": (law, cycle, inputs, outcomes, faulty) => judge(
    law, cycle, inputs,
    outcomes.map((one) => ({ ...one, rounds: Math.min(one.rounds, law.rounds) })), faulty,
  ),
  "looks at no order": (law, cycle, inputs, outcomes, faulty) =>
    judge(law, cycle, inputs, outcomes.map((one) => ({ ...one, order: 0 })), faulty),
  "takes any order that all carry out": (law, ...of) =>
    judge({ ...law, decision: { script: "" } }, ...of),
  "takes any number of orders": (law, cycle, inputs, outcomes, faulty) =>
    judge(law, cycle, inputs, outcomes.map((one) => ({ ...one, acts: undefined })), faulty),
  "rounds no midpoint": (law, ...of) => judge({ ...law, whole: false }, ...of),
  "drops no extremes": (law, ...of) => judge({ ...law, traitors: 0 }, ...of),
  "takes ⊥ for the truth that was put in": (law, cycle, inputs, outcomes, faulty) => judge(
    law, cycle, inputs, outcomes.map((one) =>
      ({ ...one, vector: one.vector.map((value, at) => value ?? inputs[at]) })), faulty,
  ),
};

describe("a judge would be caught that", () => {
  for (const [name, wrong] of Object.entries(WRONG)) {
    test(name, () => {
      const caught = SAMPLES.filter((one) => {
        const said = judged(wrong, one);
        return PROPERTIES.some((property) => said[property] !== right(one)[property]);
      });
      assert.equal(caught.length > 0, true);
    });
  }
});

describe("of a run, the judge finds", () => {
  const signatures = { trees: [{ lms: "LMS_SHA256_M24_H5", ots: "LMOTS_SHA256_N24_W2" }] };
  const SIGNED = { algorithm: "sm" as const, signatures };
  const oral = OWN_ENGINES.map((engine) => ["oral", engine] as const);
  const runs = [...oral, ["signed", "native"] as const];
  for (const [name, engine] of runs) {
    test(`boards that choose by another decision: ${name}, ${engine}`, async () => {
      const network = networkOf(4, 1, name === "signed" ? SIGNED : {});
      const file = { ...network.file };
      const { summary } = await run({
        network: { ...network, file }, engine, cycles: 2,
        readings(cycle) {
          // From now on the boards do what is not in their file.
          if (cycle) file.decision = "median";
          return steady(network)(cycle);
        },
      });
      const { agreement, order, verdict, broken_cycle: broken } = summary;
      assert.deepEqual({ agreement, order, verdict, broken },
        { agreement: 2, order: 1, verdict: "broken", broken: 1 });
    });
  }
});
