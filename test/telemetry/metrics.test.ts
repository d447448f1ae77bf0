import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { STATES, healthOf } from "../../host/events/names.js";
import type { StateWord, Watched } from "../../host/events/names.js";
import { createMetrics } from "../../host/telemetry/metrics.js";
import { LINE, NETWORK, boardFacts, factsOf, valueOf } from "./facts.js";

describe("metrics of a run", () => {
  it("have a line from the first scrape on for all that may happen", async () => {
    const text = await createMetrics(NETWORK).text();
    assert.match(text, /^tagma_info\{network="the \\"pump\\" at #1\/\+",algorithm="om",/m);
    for (const verdict of ["held", "broken", "not promised", "outside"]) {
      assert.equal(valueOf(text, `tagma_cycles_total{verdict="${verdict}"}`), 0);
    }
    assert.equal(valueOf(text, 'tagma_board_lost_frames_total{board="b"}'), 0);
    assert.equal(valueOf(text, 'tagma_board_decisions_total{board="a"}'), 0);
    assert.ok(Number.isNaN(valueOf(text, "tagma_mqtt_connected")));
  });

  it("add up over cycles, in seconds", async () => {
    const metrics = createMetrics(NETWORK);
    const late = { ...LINE, lost: 2, late_us: 30_000, odd: true };
    metrics.take(factsOf(41));
    metrics.take(factsOf(42, {
      verdict: "broken", broken: ["agreement", "order"],
      boards: [boardFacts(), boardFacts({ faulty: true, decisions: 0, line: late, put: null })],
    }));
    metrics.dropped("thread", 3);
    const text = await metrics.text();
    const is = (line: string, value: number) => {
      assert.equal(valueOf(text, line), value, line);
    };
    is('tagma_cycles_total{verdict="held"}', 1);
    is('tagma_cycles_total{verdict="broken"}', 1);
    is('tagma_broken_total{promise="order"}', 1);
    is("tagma_cycle", 42);
    is("tagma_wire_bytes_total", 160);
    is('tagma_board_decisions_total{board="a"}', 2);
    is('tagma_board_decisions_total{board="b"}', 1);
    is('tagma_board_lost_frames_total{board="b"}', 2);
    is('tagma_board_odd_cycles_total{board="b"}', 1);
    is('tagma_board_late_seconds_count{board="b"}', 1);
    is('tagma_board_late_seconds_bucket{le="0.025",board="b"}', 0);
    is('tagma_board_late_seconds_bucket{le="0.05",board="b"}', 1);
    is('tagma_board_answer_seconds_sum{board="a"}', 0.004);
    is('tagma_beacon_late_seconds_bucket{le="0.0005"}', 2);
    is("tagma_cycle_seconds_sum", 0.02);
    is('tagma_board_good_ratio{board="a"}', 1);
    is('tagma_board_good_ratio{board="b"}', 0.5);
    is('tagma_board_value{board="a"}', 7);
    assert.ok(Number.isNaN(valueOf(text, 'tagma_board_value{board="b"}')));
    is('tagma_telemetry_dropped_total{to="thread"}', 3);
  });

  it("have what the boards agree on of each other, where they do", async () => {
    const metrics = createMetrics(NETWORK);
    const bad = { state: "permanent", sign: "dissent" } as const;
    metrics.take(factsOf(0, { boards: [boardFacts(), boardFacts({ health: bad })] }));
    const text = await metrics.text();
    const held = (board: string) => STATES.filter((state) =>
      valueOf(text, `tagma_board_health{board="${board}",state="${state}"}`) === 1);
    assert.deepEqual(held("a"), ["trusted"]);
    assert.deepEqual(held("b"), ["permanent"]);
    assert.equal(valueOf(text, 'tagma_board_health{board="b",state="trusted"}'), 0);
    const none = createMetrics({ ...NETWORK, health: false });
    none.take(factsOf(0));
    assert.doesNotMatch(await none.text(), /tagma_board_health/);
  });

  it("are of a correct board that knows, where another was away", () => {
    const watched = (state: StateWord): Watched => ({ states: [state], signs: ["none"] });
    const agreed = (...held: (Watched | null)[]) => healthOf(held, 0)?.state;
    assert.equal(agreed(null, watched("unknown"), watched("watched")), "watched");
    assert.equal(agreed(watched("unknown"), null), "unknown");
    assert.equal(agreed(null, null), undefined);
    assert.equal(healthOf(undefined, 0), undefined);
  });

  it("count good cycles over the last 100 cycles only", async () => {
    const metrics = createMetrics(NETWORK);
    const sick = { boards: [boardFacts({ faulty: true }), boardFacts({ overrun: 1 })] };
    for (let cycle = 0; cycle < 100; cycle++) metrics.take(factsOf(cycle, sick));
    const good = async (board: string) =>
      valueOf(await metrics.text(), `tagma_board_good_ratio{board="${board}"}`);
    assert.equal(await good("a"), 0);
    for (let cycle = 100; cycle < 199; cycle++) metrics.take(factsOf(cycle));
    assert.equal(await good("b"), 0.99);
    metrics.take(factsOf(199));
    assert.equal(await good("a"), 1);
  });

  it("are made once a cycle, however often they are asked for", async () => {
    const metrics = createMetrics(NETWORK);
    const texts = await Promise.all([metrics.text(), metrics.text()]);
    assert.equal(texts[0], texts[1]);
    metrics.take(factsOf(1));
    assert.notEqual(await metrics.text(), texts[0]);
  });

  it("have nothing measured of what is emulated", async () => {
    const metrics = createMetrics({ ...NETWORK, real: false });
    metrics.take(factsOf(0));
    assert.doesNotMatch(await metrics.text(), /tagma_board_(?:answer|odd|lost|up)|tagma_beacon/);
  });
});
