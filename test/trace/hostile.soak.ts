import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ITEM_MAX, encodeItem } from "../../host/base/cbor.js";
import { UsageError } from "../../host/base/error.js";
import type { TraceEvent } from "../../host/events/events.js";
import { SEED, createRandom, replay, runs } from "../core/random.js";
import { bytesOf, networkOf, read, run } from "./runs.js";
import type { Run } from "./runs.js";

/** What is said about bytes that are no trace: one line, the file and the offset. */
const complaintOf = (bytes: Uint8Array): { offset: number; text: string } => {
  let found: { offset: number; text: string } | undefined;
  assert.throws(() => read(bytes), (thrown: Error) => {
    assert.ok(thrown instanceof UsageError, thrown.stack);
    const match = /^x\.trace: byte (\d+): ([^\n]+)$/.exec(thrown.message);
    assert.ok(match, thrown.message);
    found = { offset: Number(match[1]), text: match[2]! };
    return true;
  });
  return found!;
};

/** Where each item begins, and last, where the trace ends. */
const offsetsOf = ({ header, events }: Run): number[] => {
  const offsets = [0];
  for (const item of [header, ...events]) {
    offsets.push(offsets[offsets.length - 1]! + encodeItem(item).length);
  }
  return offsets;
};

const small = await run({ cycles: 1, traitors: ["c=equivocate"] });
const bytes = bytesOf(small);
const offsets = offsetsOf(small);

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

/** The small trace with other bytes after its header. */
const withEvent = (event: Uint8Array): Buffer =>
  Buffer.concat([bytes.subarray(0, offsets[1]), event, bytes.subarray(offsets[1])]);

const withHeader = (change: object): Buffer =>
  bytesOf({ ...small, header: { ...small.header, ...change } });

const beacon = small.events[0]!;
const frame = small.events[1]!;
const cycle = small.events[small.events.length - 1]!;

describe("a trace that is cut off", () => {
  test("is refused wherever it was cut, at the item that is not whole", async () => {
    const tiny = await run({
      network: networkOf({ traitors: 0, decision: "median" }, "a b"),
      cycles: 1,
      faults: ["drop=0.2"],
    });
    const whole = bytesOf(tiny);
    const begins = offsetsOf(tiny);
    assert.throws(() => read(whole.subarray(0, 0)), { name: "UsageError", message: /is empty/ });
    for (let length = 1; length < whole.length; length++) {
      const { offset, text } = complaintOf(whole.subarray(0, length));
      const item = begins.findLast((at) => at <= length)!;
      assert.equal(offset, item, `cut at ${length}`);
      assert.match(text, length === item ? /^ends in cycle 0, .* 1$/ : /^the file ends inside/);
    }
    read(whole);
  });
});

describe("what is no trace", () => {
  test("random bytes are refused", (t) => {
    const random = createRandom(SEED);
    for (let count = runs(t, 1000, 100); count; count--) {
      const length = 1 + (random() % 80);
      const noise = Uint8Array.from({ length }, () => random());
      // With the likeliest first byte, too: a map of as many fields as a header has.
      if (count % 2) noise[0] = 0xa8;
      const digits = Buffer.from(noise).toString("hex");
      assert.equal(complaintOf(noise).offset, 0, `${digits}: ${replay}`);
      complaintOf(withEvent(noise));
    }
  });

  test("a changed bit is refused, or read as what it says and nothing else", (t) => {
    const random = createRandom(SEED);
    let refused = 0;
    const all = runs(t, 1500, 200);
    for (let count = all; count; count--) {
      const changed = Buffer.from(bytes);
      const at = random() % changed.length;
      changed[at]! ^= 1 << (random() & 7);
      let other: Run | undefined;
      try {
        other = read(changed);
      } catch (thrown) {
        assert.ok(thrown instanceof UsageError, `byte ${at}: ${String(thrown)}: ${replay}`);
        refused++;
      }
      if (other) assert.deepEqual(bytesOf(other), changed, `byte ${at}: ${replay}`);
    }
    assert.ok(refused > all / 2 && refused < all, `${refused} of ${all} were refused`);
  });

  test("other files are refused at their first byte", () => {
    const json = Buffer.from(JSON.stringify(small.header));
    for (const file of [json, Buffer.from("agreement\n"), hex("d9d9f7 a0"), hex("00"), hex("f6")]) {
      const { offset, text } = complaintOf(file);
      assert.equal(offset, 0);
      assert.match(text, /is no trace/);
    }
  });
});

describe("CBOR that is never written", () => {
  // Items that a lenient decoder takes.
  const items: Readonly<Record<string, [string, RegExp]>> = {
    "twice the same key": ["a2 6165 6178 6165 6178", /one right way/],
    "a length longer than needed": ["b801 6165 6178", /one right way/],
    "a number longer than needed": ["a1 6165 1801", /one right way/],
    "text that is no UTF-8": ["a1 6165 61ff", /one right way/],
    "a number for a key": ["a1 01 02", /one right way/],
    "the key __proto__": ["a1 69 5f5f70726f746f5f5f a0", /one right way/],
    "a tag": ["c1 00", /not of a kind/],
    "a shared reference": ["d81c 80", /not of a kind/],
    "undefined": ["f7", /not of a kind/],
    "a short float": ["f93c00", /not of a kind/],
    "a single float": ["fa3f800000", /not of a kind/],
    "a number of eight bytes": ["1b 0000000100000000", /not of a kind/],
    "an open array": ["9f ff", /length that is not given/],
    "an open text": ["7f ff", /length that is not given/],
    "a break": ["ff", /not of a kind/],
    "a reserved length": ["1c", /length that is not given/],
  };
  for (const [name, [item, why]] of Object.entries(items)) {
    test(`is refused: ${name}`, () => {
      const { offset, text } = complaintOf(withEvent(hex(item)));
      assert.equal(offset, offsets[1]);
      assert.match(text, why);
    });
  }

  test("is refused before it costs anything: claimed lengths, depths", () => {
    const before = process.memoryUsage().rss;
    const claims = [
      "9a ffffffff", "ba ffffffff", "5a ffffffff", "7a ffffffff", "9b 00ffffffffffffff",
    ];
    for (const claim of claims) complaintOf(withEvent(hex(claim)));
    for (let count = 0; count < 50; count++) {
      // Each of them would be an array of a million.
      complaintOf(withEvent(hex("9a 000fffff".repeat(10))));
    }
    assert.match(complaintOf(withEvent(Buffer.alloc(100_000, 0x81))).text, /nested deeper/);
    assert.match(complaintOf(withEvent(hex("9a 7fffffff"))).text, /longer than any event/);
    const grown = process.memoryUsage().rss - before;
    assert.ok(grown < 100e6, `${grown} bytes more`);
  });

  test("is refused when it is too long, though nothing else is wrong with it", () => {
    for (const [more, why] of [[5, /longer than any event/], [0, /^e: must be/]] as const) {
      const long = Buffer.alloc(ITEM_MAX + more, 0x00);
      long.set(hex(`9a ${(ITEM_MAX + more - 5).toString(16).padStart(8, "0")}`));
      const { offset, text } = complaintOf(withEvent(long));
      assert.equal(offset, offsets[1]);
      assert.match(text, why);
    }
  });
});

describe("what an event may say", () => {
  const refused = (event: object, why: RegExp) => {
    const { offset, text } = complaintOf(withEvent(encodeItem(event)));
    assert.equal(offset, offsets[1], text);
    assert.match(text, why);
  };

  test("is checked field by field", () => {
    for (const event of [{}, [], { ...beacon, e: "beeper" }, { ...beacon, e: "constructor" }]) {
      refused(event, /^e: must be beacon or frame or cycle$/);
    }
    refused({ ...beacon, more: 1 }, /"more" is no field here/);
    refused({ ...beacon, t: -1 }, /^t: -1 must be at least 0$/);
    refused({ ...beacon, t: 0.5 }, /^t: 0\.5 must be a whole number$/);
    refused({ ...beacon, round: 3 }, /^round: 3 must be at most 2$/);
    refused({ ...beacon, cycle: 1 }, /^cycle: 1 must be at most 0$/);
    refused({ ...frame, from: 4 }, /^from: 4 must be a board, 0 to 3, or 31: the hub$/);
    refused({ ...frame, from: 31, to: 31 }, /^to: 31 is who it is from$/);
    refused({ ...frame, to: "31" }, /^to: "31" must be a (whole )?number$/);
    refused({ ...frame, fate: "eaten" }, /^fate: "eaten" must be "heard" or "lost" or/);
    refused({ ...frame, bytes: "00" }, /^bytes: "00" must be bytes$/);
    refused({ ...frame, lie: 0 }, /^lie: 0 must be true, false, hub$/);
    const { lie: _lie, ...without } = frame as TraceEvent & { lie: boolean };
    refused(without, /^lie: is missing$/);
  });

  test("is checked against the network's values", () => {
    refused({ ...cycle, inputs: [1, 2, 3] }, /^inputs: 3 entries/);
    const range = /^inputs\[3\]: 256 .*whole number from 0 to 255$/;
    refused({ ...cycle, inputs: [1, 2, 3, 256] }, range);
    refused({ ...cycle, inputs: [1, 2, 3, "4"] }, /^inputs\[3\]: "4" must be null or/);
    refused({ ...cycle, vectors: [null, null, null, [1, 2, 3, true]] }, /^vectors\[3\]\[3\]: true/);
    const orders = [null, null, null, {}];
    refused({ ...cycle, orders }, /^orders\[3\]: .* must be an order or null$/);
    refused({ ...cycle, faulty: [4] }, /^faulty\[0\]: 4 must be at most 3$/);
  });

  test("is checked against the events before", async () => {
    const two = await run({ cycles: 3 });
    const events = two.events.filter((event) => event.e === "cycle");
    const begin = encodeItem(two.header).length;
    const length = encodeItem(events[0]!).length;
    const swapped = { ...two, events: [events[0]!, events[2]!, events[1]!] };
    assert.deepEqual(complaintOf(bytesOf(swapped)), {
      offset: begin + length, text: "cycle: 2 must be 1, which is open",
    });
    const short = complaintOf(bytesOf({ ...two, events: events.slice(0, 2) }));
    assert.equal(short.text, "ends in cycle 2, and its header says that there are 3");
    const more = complaintOf(bytesOf({ ...two, events: [...events, two.events[0]!] }));
    assert.equal(more.text, "cycle: 0 must be 3, which is open");
  });
});

describe("what a header may say", () => {
  const refused = (change: object, why: RegExp) => {
    const { offset, text } = complaintOf(withHeader(change));
    assert.equal(offset, 0, text);
    assert.match(text, why);
  };
  test("is checked field by field", () => {
    refused({ e: "other" }, /is no trace/);
    refused({ version: 2 }, /^the header: version: 2 must be 1$/);
    refused({ seed: 2 ** 32 }, /^the header: seed: 4294967296 must be at most 4294967295$/);
    refused({ digest: "00" }, /^the header: digest: is not its network's, which is [0-9a-f]{64}$/);
    refused({ network: [] }, /^the header: network: /);
    refused({ network: {} }, /^the header's network: name: is missing$/);
    refused({ network: { ...small.header.network, baud: 0 } }, /^the header's network: baud: 0/);
    refused({ network: { ...small.header.network, baud: 9600 } }, /digest: is not its network's/);
    refused({ faults: ["drip=1"] }, /^the header: --faults: "drip" is unknown/);
    refused({ traitors: ["z=late"] }, /^the header: --traitor: board "z" is not in the network/);
    refused({ cycles: undefined }, /not of a kind/);
  });
});
