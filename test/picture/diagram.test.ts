import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import { HUB } from "../../firmware/index.js";
import type { FrameEvent, TraceEvent } from "../../host/events/events.js";
import { loadNetwork } from "../../host/network/network.js";
import { diagram } from "../../host/picture/diagram.js";
import type { Choice } from "../../host/picture/diagram.js";
import { escapeXml } from "../../host/picture/svg.js";
import { eventsOf } from "../../host/replay/replay.js";
import { networkOf, run, sevenBoards } from "../trace/runs.js";
import type { Order, Run } from "../trace/runs.js";
import { readXml, textOf, within } from "./xml.js";
import type { Element } from "./xml.js";

const pump = loadNetwork(new URL("../../boards/networks/pump.json", import.meta.url).pathname);
const oddName = `<"pumps" & 'valves'>\u0007\u{1f525}`;

/** Everything that can be in a picture, and networks of all sizes. */
const RUNS: Readonly<Record<string, Order>> = {
  "no faults": { network: pump },
  "a liar": { network: pump, traitors: ["c=equivocate"] },
  "a late board": { network: pump, traitors: ["c=late"] },
  "a bad line": { network: pump, faults: ["drop@d=0.5"] },
  "bad lines": {
    network: pump, faults: ["delay=0.1", "duplicate=0.1", "truncate=0.1", "noise=0.1"],
  },
  "two liars of four": { network: pump, traitors: ["b=edge", "c=split"], seed: 5 },
  "a crash": { network: pump, traitors: ["c=crash:1.2"] },
  "seven boards": { network: sevenBoards(), traitors: ["c=collude", "f=collude"] },
  "seven boards, bad lines": { network: sevenBoards(), faults: ["drop=0.1", "delay=0.05"] },
  "a commander": { network: networkOf({ commander: "b" }), traitors: ["b=random"] },
  "rows of bytes": { network: networkOf({ value: { bytes: 20 }, default: "00".repeat(20) }) },
  "two boards": { network: networkOf({ traitors: 0, value: "bool", default: false }, "x y") },
  "long names": { network: networkOf({ value: "u32" }, "inlet outlet reserve_pump lid-north") },
  "quick boards": {
    network: networkOf({ value: "i32" }, "inlet outlet heater lid", { compute_us: 0 }),
    traitors: ["lid=relay"],
  },
  "a long name": {
    network: networkOf({ name: "the left one of the two tanks", traitors: 0 }, "x y"),
  },
  "an odd name": { network: networkOf({ name: oddName }) },
};

const CYCLE = 1;
const draw = ({ header, events }: Run, choice: Partial<Choice> = {}): string =>
  diagram(header, events, { cycle: CYCLE, ...choice });

const classesOf = ({ attributes }: Element): string[] => (attributes["class"] ?? "").split(" ");
const withClass = (root: Element, ...names: string[]): Element[] =>
  within(root).filter((one) => names.every((name) => classesOf(one).includes(name)));
const arrowsIn = (root: Element, ...names: string[]): Element[] =>
  withClass(root, "frame", ...names).filter((one) => !classesOf(one).includes("sample"));

const framesOf = (events: readonly TraceEvent[]): FrameEvent[] =>
  eventsOf(events, CYCLE).filter((event): event is FrameEvent => event.e === "frame");

/** How one frame looks; written from what the legend says. */
const lookOf = ({ fate, from, lie }: FrameEvent): string => {
  if (fate === "heard" && from === HUB) return "beacon";
  if (fate === "heard") return lie ? "lie" : "heard";
  return fate === "lost" ? "lost" : "late";
};

const numberOf = (element: Element, name: string): number => Number(element.attributes[name]);

/** About how wide a text is in DejaVu Sans, measured; see the test of it. */
const advances: readonly (readonly [RegExp, number])[] = [
  [/[iljI.,;:'|!/[\]()tfr ]/, 0.38], [/[mwMW@%]/, 0.95], [/[A-Z⊥]/, 0.72], [/./, 0.62],
];
const boxOf = (element: Element): { left: number; right: number; top: number; bottom: number } => {
  const size = numberOf(element, "font-size");
  const heavy = ["strong", "order", "onbadge", "said"];
  const bold = classesOf(element).some((name) => heavy.includes(name));
  const width = Array.from(textOf(element)).reduce(
    (sum, letter) => sum + advances.find(([kind]) => kind.test(letter))![1] * size, 0,
  ) * (bold ? 1.1 : 1);
  const x = numberOf(element, "x");
  const left = element.attributes["text-anchor"] === "middle" ? x - width / 2 : x;
  const base = numberOf(element, "y");
  return { left, right: left + width, top: base - 0.72 * size, bottom: base + 0.2 * size };
};

describe("the picture of a cycle", () => {
  for (const [name, order] of Object.entries(RUNS)) {
    test(`is well-formed, complete and legible: ${name}`, async () => {
      const one = await run(order);
      const svg = draw(one);
      const root = readXml(svg);
      assert.equal(root.name, "svg");
      assert.doesNotMatch(svg, /NaN|Infinity|undefined/);

      // One arrow a frame, and each looks like what became of it.
      const looks = framesOf(one.events).map(lookOf);
      assert.equal(arrowsIn(root).length, looks.length);
      for (const look of ["beacon", "heard", "lie", "lost", "late"]) {
        const arrows = arrowsIn(root, look);
        assert.equal(arrows.length, looks.filter((other) => other === look).length, look);
        assert.ok(arrows.every(({ attributes }) => attributes["marker-end"] === `url(#${look})`));
      }

      const [width, height] = [numberOf(root, "width"), numberOf(root, "height")];
      const boxes = within(root).filter((child) => child.name === "text")
        .map((element) => ({ text: textOf(element), ...boxOf(element) }));
      boxes.forEach((box, index) => {
        assert.ok(box.left >= 0 && box.right <= width && box.top >= 0 && box.bottom <= height,
          `${box.text} is out of the picture`);
        for (const other of boxes.slice(0, index)) {
          const apart = box.right <= other.left || other.right <= box.left ||
            box.bottom <= other.top || other.bottom <= box.top;
          assert.ok(apart, `${JSON.stringify(box)} and ${JSON.stringify(other)} overlap`);
        }
      });
    });
  }

  test("is the same for the same events, and for those of the cycle alone", async () => {
    const one = await run({ network: pump, traitors: ["c=random"], cycles: 3 });
    assert.equal(draw(one), draw(await run({ network: pump, traitors: ["c=random"], cycles: 3 })));
    assert.equal(draw(one), draw({ ...one, events: eventsOf(one.events, CYCLE) }));
    assert.notEqual(draw(one), draw(one, { cycle: 2 }));
  });

  test("tells lies and losses from frames by colour, by stroke and by end", async () => {
    const svg = draw(await run({ network: pump }));
    const rules = new Map([...svg.matchAll(/\.frame\.(\w+) \{([^}]*)\}/g)].map(([, look, rule]) => {
      const get = (property: string) =>
        new RegExp(`(?<![\\w-])${property}: ([^;]+);`).exec(rule!)?.[1];
      return [look!, { colour: get("stroke"), dashes: get("stroke-dasharray") }];
    }));
    const looks = ["heard", "lie", "lost", "late"];
    const [heard, lie, lost, late] = looks.map((look) => rules.get(look)!);
    assert.equal(heard!.dashes, undefined);
    assert.equal(new Set([heard, lie, lost].map((rule) => rule!.colour)).size, 3);
    assert.equal(new Set([heard, lie, lost].map((rule) => rule!.dashes)).size, 3);
    // What is lost and what counts for nothing differ in their ends.
    assert.deepEqual(lost, late);
    const root = readXml(svg);
    const ends = ["heard", "lie", "lost", "late"].map((look) => {
      const marker = within(root).find(({ attributes }) => attributes["id"] === look)!;
      return JSON.stringify(marker.children);
    });
    assert.equal(new Set(ends).size, 4);
  });

  test("needs nothing else", async () => {
    const root = readXml(draw(await run({ network: pump, traitors: ["c=equivocate"] })));
    for (const { name, attributes } of within(root)) {
      assert.ok(!["image", "script", "use", "foreignObject", "a"].includes(name), name);
      for (const [key, value] of Object.entries(attributes)) {
        assert.ok(!/^(on|href|xlink)/.test(key), key);
        if (key !== "xmlns") assert.doesNotMatch(value, /:\/\/|url\((?!#)/);
      }
    }
    assert.doesNotMatch(within(root).filter(({ name }) => name === "style").map(textOf).join(""),
      /@import|url\(|:\/\//);
  });
});

describe("what the picture says", () => {
  test("names the liar, and shows what it told whom", async () => {
    const one = await run({ network: pump, traitors: ["c=equivocate"] });
    const root = readXml(draw(one));
    assert.deepEqual(withClass(root, "failure").map(textOf), ["equivocate"]);
    assert.equal(withClass(root, "line", "liar").length, 1);
    assert.equal(withClass(root, "line", "failing").length, 0);
    const cycle = one.events.find((event) => event.e === "cycle" && event.cycle === CYCLE);
    assert.ok(cycle?.e === "cycle");
    const truth = Number(cycle.inputs[2]);
    // `equivocate` changes the lowest bit of what every other receiver is told.
    const said = withClass(root, "said").filter((word) => textOf(word).startsWith("c "));
    assert.deepEqual(said.map((word) => [textOf(word), classesOf(word)[1]]), [
      [`c ${truth}`, "heard"], [`c ${truth ^ 1}`, "lie"], [`c ${truth}`, "heard"],
    ]);
    assert.equal(arrowsIn(root, "lie").length, 2);
    assert.match(textOf(arrowsIn(root, "lie")[0]!),
      new RegExp(
        `^cycle 1, round 1: frame of c to b says ${truth ^ 1}; heard, a lie, [\\d.]+ ms$`,
      ));
    assert.ok(withClass(root, "quiet").some((word) => textOf(word) === "faulty, not judged"));
  });

  test("has the vector and the order of each correct board", async () => {
    const one = await run({ network: pump, traitors: ["c=silent"] });
    const root = readXml(draw(one));
    const cycle = one.events.find((event) => event.e === "cycle" && event.cycle === CYCLE);
    assert.ok(cycle?.e === "cycle");
    const said = (board: number) => cycle.vectors[board]!.map((value) => String(value ?? "⊥"));
    const rows = [0, 1, 3].map(said);
    assert.deepEqual(withClass(root, "entry").map(textOf), rows.flat());
    assert.deepEqual(rows.map((row) => row[2]), ["⊥", "⊥", "⊥"]);
    assert.deepEqual(withClass(root, "order").map(textOf),
      [0, 1, 3].map((board) => String(cycle.orders[board])));
    assert.equal(withClass(root, "differs").length, 0);
    assert.deepEqual(withClass(root, "onbadge").map(textOf), ["validity held", "agreement held"]);
    assert.equal(withClass(root, "badge", "failed").length, 0);
  });

  test("marks what correct boards do not agree on", async () => {
    const one = await run({ network: pump });
    const at = one.events.findIndex((event) => event.e === "cycle" && event.cycle === CYCLE);
    const cycle = one.events[at]!;
    assert.ok(cycle.e === "cycle");
    const vectors = cycle.vectors.with(1, cycle.vectors[1]!.with(3, 1)).with(2, null);
    const events = one.events.with(at, { ...cycle, vectors, agreement: false });
    const root = readXml(draw({ ...one, events }));
    assert.equal(withClass(root, "differs").length, 3);
    assert.deepEqual(withClass(root, "entry", "broken").map(textOf), [0, 1, 3]
      .map((board) => String(vectors[board]![3])));
    assert.ok(withClass(root, "broken").some((word) => textOf(word) === "no decision"));
    assert.deepEqual(withClass(root, "onbadge").map(textOf), ["validity held", "agreement broken"]);
  });

  test("says what is not promised, where the judge asks nothing", async () => {
    const late = await run({ network: pump, windows: ["partition=a,b/c,d@0-3"] });
    const badges = (svg: string) => {
      const root = readXml(svg);
      return [...withClass(root, "onbadge").map(textOf), withClass(root, "badge", "loose").length];
    };
    assert.deepEqual(badges(draw(late)),
      ["validity not promised", "agreement not promised", 2]);
    // On real lines, where more may fail than is outvoted.
    const one = await run({ network: pump });
    const events = one.events.map((event) => (event.e === "cycle"
      ? {
        ...event, faulty: [0, 1], verdict: "outside" as const,
        vectors: event.vectors.with(0, null).with(1, null),
      } : event));
    assert.deepEqual(badges(draw({ ...one, header: { ...one.header, real: true }, events })),
      ["validity not promised", "agreement not promised", 2]);
    assert.deepEqual(badges(draw(one)), ["validity held", "agreement held", 0]);
  });

  test("is that of one receiver, where one is asked for", async () => {
    const one = await run({ network: pump, traitors: ["c=equivocate"] });
    const all = framesOf(one.events);
    const shown = all.filter(({ from, to }) => from === HUB || to === HUB || to === 1);
    assert.equal(arrowsIn(readXml(draw(one, { receiver: 1 }))).length, shown.length);
    assert.ok(shown.length < all.length);
  });

  test("says at each arrow's end whose frame it is, and no word goes without room", async () => {
    for (const network of [pump, sevenBoards()]) {
      const { boards, rounds } = network;
      const root = readXml(draw(await run({ network })));
      const said = withClass(root, "said").filter((one) => !classesOf(one).includes("sample"))
        .map(textOf);
      const names = boards.map(({ name }) => name);
      // Each hears all others in each round, and says its own value in the first.
      const heard = said.filter((word) => names.includes(word.split(" ")[0]!));
      assert.equal(heard.length, rounds * boards.length * (boards.length - 1));
      assert.equal(said.length - heard.length, boards.length);
    }
  });

  test("cuts short in each round, and in deciding, the time that boards compute", async () => {
    const cuts = async (order: Order | undefined) =>
      withClass(readXml(draw(await run(order))), "cut").length - 1;
    assert.equal(await cuts(RUNS["no faults"]), 3);
    assert.equal(await cuts(RUNS["seven boards"]), 4);
    assert.equal(await cuts(RUNS["quick boards"]), 0);
  });

  test("has rounds as columns, with their deadlines and times", async () => {
    const network = networkOf({ ...sevenBoards().file }, "a b c d e f g", { compute_us: 0 });
    const root = readXml(draw(await run({ network })));
    const words = withClass(root, "strong").map(textOf);
    for (const word of ["round 1", "round 2", "round 3", "decide"]) assert.ok(words.includes(word));
    const columns = withClass(root, "column");
    assert.equal(columns.length, 4);
    const heads = within(root).filter((one) => /^(round \d|decide)$/.test(textOf(one)) &&
      one.name === "text");
    heads.forEach((head, index) => {
      const column = columns[index]!;
      const { left, right } = boxOf(head);
      assert.ok(left > numberOf(column, "x"));
      assert.ok(right < numberOf(column, "x") + numberOf(column, "width"));
    });
    columns.slice(1).forEach((column, index) => {
      const before = columns[index]!;
      const end = numberOf(before, "x") + numberOf(before, "width");
      assert.ok(Math.abs(end - numberOf(column, "x")) < 0.2);
    });
    const deadlines = withClass(root, "deadline");
    assert.equal(deadlines.length, 3);
    deadlines.forEach(({ attributes }, index) => {
      const x = Number(/^M ([\d.]+) /.exec(attributes["d"]!)![1]);
      const column = columns[index]!;
      assert.ok(x > numberOf(column, "x") && x < numberOf(column, "x") + numberOf(column, "width"));
    });
  });

  test("escapes what XML cannot hold", async () => {
    assert.equal(escapeXml("a<b>&\"c'\0\ud800\u{1f525}"),
      "a&lt;b&gt;&amp;&quot;c&apos;\ufffd\ufffd\u{1f525}");
    const root = readXml(draw(await run(RUNS["an odd name"])));
    const title = `${oddName.replace("\u0007", "\\u0007")}, cycle 1`;
    assert.ok(withClass(root, "strong").some((word) => textOf(word) === title));
  });

  test("is refused for a cycle that is not there", async () => {
    const one = await run({ network: pump, cycles: 2 });
    assert.throws(() => draw(one, { cycle: 2 }), {
      name: "UsageError", message: "cycle 2 is not in the trace, its cycles are 0 to 1",
    });
  });
});

describe("the reader of these tests", () => {
  test("takes no XML that is not well-formed", () => {
    readXml('<a b="1&amp;2"><c/>text</a>\n');
    const wrong = [
      "<a>", "<a></b>", "<a/><b/>", "<a b=1/>", '<a b="1" b="2"/>', "<a>&x;</a>", "<a>& b</a>",
      "<a>a < b</a>", '<a b="<"/>', "text", "<a>\u0007</a>", "<a></a b=\"1\">", "",
    ];
    for (const text of wrong) assert.throws(() => readXml(text), text);
  });

  test("a renderer draws the picture, where there is one", async (t) => {
    const svg = draw(await run({ network: pump, traitors: ["c=equivocate"] }));
    const converted = spawnSync("rsvg-convert", ["-f", "png"], { input: svg });
    const { error, status, stdout, stderr } = converted;
    if (error) {
      t.skip("rsvg-convert is not installed");
      return;
    }
    assert.equal(status, 0, stderr.toString());
    assert.equal(stdout.subarray(1, 4).toString(), "PNG");
    assert.ok(stdout.length > 20_000);
  });
});
