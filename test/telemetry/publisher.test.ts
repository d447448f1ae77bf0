import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UNANSWERED, WAITING, createPublisher } from "../../host/telemetry/publisher.js";
import { topicsOf } from "../../host/telemetry/topics.js";
import type { Message } from "../../host/telemetry/topics.js";
import { LINE, NETWORK, boardFacts, factsOf } from "./facts.js";
import { DISCOVERY_TOPIC, HOME_ASSISTANT } from "./home-assistant.js";

const ROOT = "plant/the_pump_at_1_";

/** A broker that takes what it is told, or does not answer. */
const createBroker = () => {
  const heard: Message[] = [];
  const open: (() => void)[] = [];
  const broker = {
    connected: true, answers: true, heard,
    publish(message: Message, done: () => void) {
      heard.push(message);
      if (broker.answers) done();
      else open.push(done);
    },
    answer() {
      for (const done of open.splice(0)) done();
    },
    last: (topic: string) => heard.findLast((one) => one.topic === topic)?.payload,
  };
  return broker;
};

const begin = () => {
  const broker = createBroker();
  const topics = topicsOf(NETWORK, "plant");
  return { broker, topics, publisher: createPublisher(broker, topics) };
};

const away = { ...LINE, here: false, why: "it was unplugged" };
const without = { boards: [boardFacts(), boardFacts({ faulty: true, put: null, line: away })] };

describe("what a broker is told", () => {
  it("is first what there is, that it is there, and how it stands", () => {
    const { broker, publisher } = begin();
    publisher.take(factsOf(3));
    publisher.begin();
    publisher.tick();
    assert.deepEqual(broker.heard.map(({ topic, retain }) => [topic, retain]), [
      ["homeassistant/device/tagma_the_pump_at_1_/config", true], [`${ROOT}/status`, true],
      [`${ROOT}/state`, true], [`${ROOT}/board/a`, true], [`${ROOT}/board/b`, true],
    ]);
    assert.equal(broker.last(`${ROOT}/status`), "online");
    assert.deepEqual(JSON.parse(broker.last(`${ROOT}/state`)!), {
      cycle: 3, verdict: "held", broken: false, order: 7, vector: [7, 7], cycles_total: 1,
      broken_total: 0, beacon_late_us: 300,
    });
  });

  it("is found by Home Assistant, each thing by one name, read from a topic that there is", () => {
    const { broker, publisher } = begin();
    publisher.begin();
    publisher.take(factsOf(3, without));
    publisher.tick();
    const { payload } = broker.heard[0]!;
    assert.match(payload, new RegExp(`"availability_topic":"${ROOT}/status"`));
    const { cmps, dev, o } = JSON.parse(payload) as Record<"cmps" | "dev" | "o", object>;
    assert.deepEqual(Object.keys(cmps), [
      "order", "cycle", "broken", "a_value", "a_faulty", "a_health", "a_away", "b_value",
      "b_faulty", "b_health", "b_away",
    ]);
    const things = Object.values(cmps) as Record<string, string>[];
    assert.equal(new Set(things.map(({ unique_id: id }) => id)).size, things.length);
    for (const { state_topic: topic, value_template: template } of things) {
      const field = /value_json\.(\w+)/.exec(template!)![1]!;
      assert.ok(field in (JSON.parse(broker.last(topic!)!) as object), `${topic}: ${field}`);
    }
    assert.ok("ids" in dev && "name" in o);
    assert.deepEqual(HOME_ASSISTANT.safeParse(JSON.parse(payload)).error?.issues ?? [], []);
    assert.match(broker.heard[0]!.topic, DISCOVERY_TOPIC);
  });

  it("is nothing that Home Assistant refuses where no board is watched, and none is real", () => {
    const topics = topicsOf({ ...NETWORK, health: false, real: false }, "x");
    const { cmps } = HOME_ASSISTANT.parse(JSON.parse(topics.first[0]!.payload));
    assert.deepEqual(Object.keys(cmps),
      ["order", "cycle", "broken", "a_value", "a_faulty", "b_value", "b_faulty"]);
    const right = JSON.parse(topics.first[0]!.payload) as object;
    for (const wrong of [{ cmps: {} }, { ...right, at: 1 }]) {
      assert.equal(HOME_ASSISTANT.safeParse(wrong).success, false);
    }
  });

  it("is a change once, and an event once", () => {
    const { broker, publisher } = begin();
    publisher.begin();
    publisher.take(factsOf(1));
    publisher.tick();
    const before = broker.heard.length;
    publisher.tick();
    assert.equal(broker.heard.length, before);
    publisher.take(factsOf(2, without));
    publisher.take(factsOf(3, without));
    publisher.take(factsOf(4));
    publisher.take(factsOf(5, { verdict: "broken", broken: ["CS2"] }));
    const events = broker.heard.filter(({ topic }) => topic === `${ROOT}/event`);
    assert.deepEqual(events.map(({ payload }) => JSON.parse(payload) as unknown), [
      { cycle: 2, board: "b", here: false, why: "it was unplugged" },
      { cycle: 4, board: "b", here: true, why: "" },
      { cycle: 5, verdict: "broken", broken: ["CS2"] },
    ]);
    assert.ok(events.every(({ retain }) => !retain));
  });

  it("is nothing while it is away, and then the last of all", () => {
    const { broker, publisher } = begin();
    broker.connected = false;
    for (let cycle = 0; cycle < 1000; cycle++) {
      publisher.take(factsOf(cycle, { verdict: "outside" }));
      publisher.tick();
    }
    assert.equal(broker.heard.length, 0);
    assert.equal(publisher.dropped(), 1000 - WAITING);
    assert.equal(publisher.dropped(), 0);
    broker.connected = true;
    publisher.begin();
    assert.equal(broker.heard.length, 2 + WAITING + 3);
    assert.equal((JSON.parse(broker.last(`${ROOT}/state`)!) as { cycle: number }).cycle, 999);
    // The oldest events are gone, the latest are there.
    assert.match(broker.heard[2]!.payload, new RegExp(`"cycle":${1000 - WAITING},`));
  });

  it("is no more than it takes", () => {
    const { broker, publisher } = begin();
    broker.answers = false;
    publisher.begin();
    for (let cycle = 0; cycle < 10_000; cycle++) {
      publisher.take(factsOf(cycle, { verdict: "broken" }));
      if (cycle % 10 === 0) publisher.tick();
    }
    assert.equal(broker.heard.length, UNANSWERED);
    broker.answers = true;
    broker.answer();
    publisher.tick();
    assert.equal((JSON.parse(broker.last(`${ROOT}/state`)!) as { cycle: number }).cycle, 9999);
    // A client that is just told everything, as is usual, has all of it waiting.
    const naive = createBroker();
    naive.answers = false;
    for (let cycle = 0; cycle < 10_000; cycle++) {
      for (const message of topicsOf(NETWORK, "plant").states(factsOf(cycle))) {
        naive.publish(message, () => undefined);
      }
    }
    assert.equal(naive.heard.length, 30_000);
  });

  it("is all of it anew when it is back, for it may have forgotten", () => {
    const { broker, publisher } = begin();
    publisher.begin();
    publisher.take(factsOf(1));
    publisher.tick();
    const before = broker.heard.length;
    publisher.begin();
    assert.equal(broker.heard.length, 2 * before);
  });

  it("is in the end that nobody is there any more", () => {
    const { broker, publisher, topics } = begin();
    let ended = 0;
    const end = () => {
      ended++;
    };
    publisher.finish(end);
    assert.deepEqual(broker.heard.at(-1), topics.will);
    assert.deepEqual(topics.will, { topic: `${ROOT}/status`, payload: "offline", retain: true });
    broker.connected = false;
    publisher.finish(end);
    assert.equal(ended, 2);
  });
});
