import { shortened } from "../base/text.js";
import { STATES } from "../events/names.js";
import type { CycleFacts, NetworkFacts } from "./facts.js";

/** What is published, and under which topics; docs/telemetry.md has the table. */

export interface Message {
  readonly topic: string;
  readonly payload: string;
  /** The broker keeps the last one for whoever comes later. */
  readonly retain: boolean;
}

export interface Topics {
  /** Said by the broker in our place once we are gone. */
  readonly will: Message;
  /** What whoever connects says first: that it is there, and what a dashboard may show. */
  readonly first: readonly Message[];
  /** How things stand after a cycle. */
  states(facts: CycleFacts): readonly Message[];
  /** What has happened that somebody may want to be told of, once. */
  events(facts: CycleFacts): readonly Message[];
}

/** Home Assistant looks for things here, unless it was told otherwise. */
const DISCOVERY = "homeassistant";
const NAME_MAX = 64;
const WHY_MAX = 120;

/** A name as a level of a topic, and as part of an identity. */
const levelOf = (name: string): string =>
  shortened(name, NAME_MAX).replaceAll(/[^A-Za-z0-9_-]+/g, "_") || "_";

/** A thing on the dashboard that is read from a field of a retained state. */
const sensor = (id: string, name: string, topic: string, field: string, more: object = {}) => ({
  p: "sensor", unique_id: id, name, state_topic: topic,
  value_template: `{{ value_json.${field} }}`, ...more,
});

/** One that is on where the field is true, and then somebody should look. */
const alarm = (id: string, name: string, topic: string, field: string) => ({
  ...sensor(id, name, topic, field), p: "binary_sensor", device_class: "problem",
  value_template: `{{ 'ON' if value_json.${field} else 'OFF' }}`,
});

interface Roots {
  readonly status: string;
  readonly state: string;
  readonly event: string;
  readonly board: (name: string) => string;
}

/** Home Assistant's description of a device and all that it has, in one message. */
const discoveryOf = (network: NetworkFacts, level: string, roots: Roots): Message => {
  const id = `tagma_${level}`;
  const ofBoards = network.boards.flatMap((name): [string, object][] => {
    const topic = roots.board(name);
    return [
      [`${name}_value`, sensor(`${id}_${name}_value`, `${name} put in`, topic, "put")],
      [`${name}_faulty`, alarm(`${id}_${name}_faulty`, `${name} faulty`, topic, "faulty")],
      ...(network.health ? [[`${name}_health`, sensor(`${id}_${name}_health`, `${name} health`,
        topic, "health", { device_class: "enum", options: STATES })] satisfies [string, object]]
        : []),
      ...(network.real ? [[`${name}_away`, alarm(`${id}_${name}_away`, `${name} away`, topic,
        "away")] satisfies [string, object]] : []),
    ];
  });
  const payload = {
    dev: {
      ids: [id], name: shortened(network.name, NAME_MAX), mf: "Tagma",
      mdl: `${network.boards.length} boards, at most ${network.traitors} faulty`,
    },
    o: { name: "tagma" },
    availability_topic: roots.status, qos: 1,
    cmps: {
      order: sensor(`${id}_order`, "order", roots.state, "order"),
      cycle: sensor(`${id}_cycle`, "cycle", roots.state, "cycle", {
        entity_category: "diagnostic",
      }),
      broken: alarm(`${id}_broken`, "agreement", roots.state, "broken"),
      ...Object.fromEntries(ofBoards),
    },
  };
  return {
    topic: `${DISCOVERY}/device/${id}/config`, payload: JSON.stringify(payload), retain: true,
  };
};

const whatHappened = (facts: CycleFacts, names: readonly string[], before: Set<string>) => {
  const { cycle, verdict, broken } = facts;
  const events: object[] = [];
  if (verdict === "broken" || verdict === "outside") events.push({ cycle, verdict, broken });
  facts.boards.forEach(({ line }, at) => {
    const board = names[at]!;
    if (!line) return;
    const was = before.has(board);
    if (line.here) before.delete(board);
    else before.add(board);
    if (was !== before.has(board)) {
      events.push({ cycle, board, here: line.here, why: shortened(line.why, WHY_MAX) });
    }
  });
  return events;
};

/** @param prefix the first levels of all topics */
export const topicsOf = (network: NetworkFacts, prefix: string): Topics => {
  const level = levelOf(network.name);
  const root = `${prefix}/${level}`;
  const roots: Roots = {
    status: `${root}/status`, state: `${root}/state`, event: `${root}/event`,
    board: (name) => `${root}/board/${name}`,
  };
  const names = network.boards;
  const away = new Set<string>();
  const sums = names.map(() => ({ lost: 0, odd: 0, faulty: 0, decisions: 0 }));
  let [cycles, brokenCycles] = [0, 0];

  const boardState = (facts: CycleFacts, at: number): Message => {
    const { put, faulty, line, decisions, health } = facts.boards[at]!;
    const sum = sums[at]!;
    sum.lost += line?.lost ?? 0;
    sum.odd += Number(line?.odd ?? false);
    sum.faulty += Number(faulty);
    sum.decisions += decisions;
    const own = line ? {
      away: !line.here, why: shortened(line.why, WHY_MAX), lost_total: sum.lost,
      odd_total: sum.odd,
    } : {};
    const payload = {
      put, faulty, faulty_total: sum.faulty, decisions_total: sum.decisions,
      ...(health ? { health: health.state, sign: health.sign } : {}), ...own,
    };
    return { topic: roots.board(names[at]!), payload: JSON.stringify(payload), retain: true };
  };

  return {
    will: { topic: roots.status, payload: "offline", retain: true },
    first: [
      discoveryOf(network, level, roots), { topic: roots.status, payload: "online", retain: true },
    ],
    states(facts) {
      const { cycle, verdict, vector, order, beacon_late_us: late } = facts;
      cycles++;
      brokenCycles += Number(verdict === "broken");
      const payload = {
        cycle, verdict, broken: verdict === "broken", order, vector, cycles_total: cycles,
        broken_total: brokenCycles, ...(late === undefined ? {} : { beacon_late_us: late }),
      };
      return [
        { topic: roots.state, payload: JSON.stringify(payload), retain: true },
        ...names.map((_, at) => boardState(facts, at)),
      ];
    },
    events: (facts) => whatHappened(facts, names, away).map((event) =>
      ({ topic: roots.event, payload: JSON.stringify(event), retain: false })),
  };
};
