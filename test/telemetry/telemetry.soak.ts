import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import type { LiveRecord, LiveSummary } from "../../host/live/live.js";
import type { startTelemetry as start } from "../../host/telemetry/telemetry.js";
import { contentOf, folder } from "../cli/harness.js";
import { desk } from "../live/world.js";
import { serveBoards } from "./boards.js";
import { NETWORK as FACTS, factsOf, valueOf } from "./facts.js";

/**
 * Telemetry against the programs that it is for, mosquitto and promtool, with all of them as rude
 * as they can be: what is built is what runs.
 */

const MAIN = new URL("../../dist/host/cli/main.js", import.meta.url).pathname;
const isThere = (program: string) => !spawnSync(program, ["--help"]).error;
const absent = ["mosquitto", "mosquitto_sub", "promtool"].filter((program) => !isThere(program));
const skip = absent.length > 0 && `not there: ${absent.join(", ")}`;
if (skip) process.stderr.write(`NOT RUN: telemetry with real programs: ${skip}\n`);

const CHANGES = { guard_us: 30_000, period_ms: 100 };
const NETWORK = desk(CHANGES);
const PATIENCE = 120_000;

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
};

const startBroker = async (port: number, context: TestContext): Promise<ChildProcess> => {
  const broker = spawn("mosquitto", ["-p", String(port)], { stdio: "ignore" });
  context.after(() => broker.kill("SIGKILL"));
  for (let tries = 0; tries < 200; tries++) {
    const socket = connect(port, "127.0.0.1");
    const there = await once(socket, "connect").then(() => true, () => false);
    socket.destroy();
    if (there) return broker;
    await wait(50);
  }
  throw new Error("mosquitto does not begin");
};

/** What the broker keeps under a topic, or says there within some seconds. */
const heardAt = (port: number, topic: string): string => execFileSync("mosquitto_sub",
  ["-p", String(port), "-t", topic, "-C", "1", "-W", "20"], { encoding: "utf8" }).trim();

interface Bus {
  readonly records: LiveRecord[];
  readonly err: () => string;
  /** MiB that it has in memory. */
  readonly memory: () => number;
  readonly until: (holds: () => boolean) => Promise<void>;
  readonly end: () => Promise<LiveSummary>;
  readonly kill: () => void;
}

const startBus = (
  file: string, ports: readonly string[], words: readonly string[], context: TestContext,
): Bus => {
  const child = spawn(process.execPath, [MAIN, "bus", file, ...ports, "--json", ...words],
    { stdio: ["ignore", "pipe", "pipe"] });
  context.after(() => child.kill("SIGKILL"));
  const records: LiveRecord[] = [];
  let [err, rest, ended] = ["", "", false];
  let summary: LiveSummary | undefined;
  child.stdout.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      const one = JSON.parse(line) as LiveRecord | LiveSummary;
      if ("summary" in one) summary = one;
      else records.push(one);
    }
  });
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk.toString();
  });
  const closed = once(child, "close").then(() => {
    ended = true;
    return undefined;
  });
  return {
    records, err: () => err,
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(
      readFileSync(`/proc/${child.pid}/status`, "utf8"))![1]) / 1024,
    async until(holds) {
      for (let left = PATIENCE; !holds(); left -= 20) {
        assert.ok(left > 0 && !ended, `it did not come to that: ${err}`);
        await wait(20);
      }
    },
    kill() {
      child.kill("SIGKILL");
    },
    async end() {
      child.kill("SIGINT");
      await closed;
      return summary!;
    },
  };
};

const fileIn = (at: string, name: string): string => {
  const path = join(at, `${name}.json`);
  writeFileSync(path, JSON.stringify({
    ...contentOf("desk"), ...CHANGES, name, $schema: undefined,
  }));
  return path;
};

const urlIn = (bus: Bus): string => /http:\S+/.exec(bus.err())![0];

const scrape = async (url: string): Promise<string> => (await fetch(url)).text();

/** Scrapers that ask without an end, and some that never take an answer; `stop` ends them. */
const rudeScrapers = (url: string) => {
  const { port, pathname } = new URL(url);
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  let [asked, going] = [0, true];
  const again = () => {
    if (!going) return;
    asked++;
    get(url, { agent }, (response) => {
      response.resume();
      response.on("end", again);
    }).on("error", () => {
      setTimeout(again, 100);
    });
  };
  for (let each = 0; each < 4; each++) again();
  const deaf = Array.from({ length: 40 }, () => {
    const socket = connect(Number(port), "127.0.0.1");
    socket.on("error", () => undefined);
    socket.pause();
    socket.write(`GET ${pathname} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(20));
    return socket;
  });
  return {
    stop() {
      going = false;
      agent.destroy();
      for (const socket of deaf) socket.destroy();
      return asked;
    },
  };
};

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[values.length >> 1]!;

/** By how much beacons were late, and how many frames did not come in time, since a cycle. */
const figuresOf = ({ records }: Bus, from: number) => {
  const since = records.slice(from);
  return {
    cycles: since.length, late: median(since.map(({ live }) => live.beacon_late_us)),
    lost: since.reduce((sum, { live }) =>
      live.boards.reduce((more, { lost }) => more + lost, sum), 0),
  };
};

describe("telemetry of a bus", { skip, timeout: PATIENCE }, () => {
  it("is as promtool wants it, and kept by mosquitto until the end", async (context) => {
    const port = await freePort();
    const broker = await startBroker(port, context);
    const bus = startBus(fileIn(folder(context), "desk"), await serveBoards(NETWORK, context),
      ["--metrics", "0", "--mqtt", `mqtt://127.0.0.1:${port}/plant`], context);
    await bus.until(() => bus.records.length > 30);
    const text = await scrape(urlIn(bus));
    const told = spawnSync("promtool", ["check", "metrics"], { input: text, encoding: "utf8" });
    assert.equal(told.status, 0, told.stderr);
    assert.equal(told.stderr + told.stdout, "");
    const there = bus.records.length;
    const held = valueOf(text, 'tagma_cycles_total{verdict="held"}')!;
    assert.ok(held > 10 && held <= there, `${held} of ${there}`);
    assert.ok(valueOf(text, 'tagma_board_answer_seconds_count{board="a"}')! > 10);
    assert.equal(valueOf(text, "tagma_mqtt_connected"), 1);
    assert.equal(heardAt(port, "plant/desk/status"), "online");
    const state = JSON.parse(heardAt(port, "plant/desk/state")) as Record<string, unknown>;
    // The broker may have it before this process has read what the bus printed of that cycle.
    const ofState = () => bus.records.find(({ cycle }) => cycle === state["cycle"]);
    await bus.until(() => ofState() !== undefined);
    const record = ofState()!;
    assert.deepEqual(state["vector"], record.vectors[0]);
    assert.equal(state["order"], record.orders[0]);
    assert.match(heardAt(port, "homeassistant/device/tagma_desk/config"), /"cmps":\{"order"/);
    assert.doesNotMatch(bus.err(), /ended|away/);
    // Whoever is killed says nothing more: the broker does, and keeps it.
    bus.kill();
    for (let tries = 0; heardAt(port, "plant/desk/status") !== "offline"; tries++) {
      assert.ok(tries < 100, "nobody said that it is gone");
      await wait(50);
    }
    broker.kill("SIGKILL");
  });

  it("costs the bus nothing, whatever broker and scrapers do", async (context) => {
    const at = folder(context);
    const port = await freePort();
    let broker = await startBroker(port, context);
    const [told, plain] = [
      startBus(fileIn(at, "told"), await serveBoards(NETWORK, context),
        ["--metrics", "0", "--mqtt", `mqtt://127.0.0.1:${port}`], context),
      startBus(fileIn(at, "plain"), await serveBoards(NETWORK, context), [], context),
    ];
    await told.until(() => told.records.length > 30 && plain.records.length > 30);
    const url = urlIn(told);
    const rude = rudeScrapers(url);
    await wait(1000);
    const from = [told.records.length, plain.records.length];
    const memory = [told.memory(), plain.memory()];
    // It takes nothing more; then it is gone; then it is there again and knows nothing.
    broker.kill("SIGSTOP");
    await wait(4000);
    broker.kill("SIGKILL");
    await told.until(() => /the broker is away/.test(told.err()));
    await wait(3000);
    broker = await startBroker(port, context);
    await told.until(() => told.err().split("the broker is there").length === 3);
    assert.equal(heardAt(port, "tagma/told/status"), "online");
    const { cycle } = JSON.parse(heardAt(port, "tagma/told/state")) as { cycle: number };
    assert.ok(cycle >= from[0]!, `what is kept is of cycle ${cycle}`);
    const [rudely, quietly] = [figuresOf(told, from[0]!), figuresOf(plain, from[1]!)];
    const grown = [told.memory() - memory[0]!, plain.memory() - memory[1]!];
    const asked = rude.stop();
    const text = await scrape(url);
    context.diagnostic(`${asked} scrapes; with telemetry ${JSON.stringify(rudely)}, without ${
      JSON.stringify(quietly)}, grown by ${grown.map((mib) => mib.toFixed(1)).join(" and ")
    } MiB`);
    assert.ok(asked > 100, `only ${asked} scrapes`);
    assert.ok(rudely.cycles > 0.9 * quietly.cycles && rudely.cycles < 1.1 * quietly.cycles);
    // A moment of the computer's is lost by both alike.
    assert.ok(rudely.late < 3 * quietly.late + 2000,
      `beacons are ${rudely.late} us late, else ${quietly.late}`);
    assert.ok(rudely.lost <= quietly.lost + 0.02 * 12 * rudely.cycles);
    assert.ok(grown[0]! < grown[1]! + 24, `it has grown by ${grown[0]} MiB`);
    assert.equal(valueOf(text, 'tagma_telemetry_dropped_total{to="thread"}'), 0);
    const [ended] = await Promise.all([told.end(), plain.end()]);
    assert.equal(ended.verdict, "held");
    assert.equal(heardAt(port, "tagma/told/status"), "offline");
    broker.kill("SIGKILL");
  });

  it("drops what its thread has no time for, and counts it", async () => {
    const { startTelemetry } = await import(
      new URL("../../dist/host/telemetry/telemetry.js", import.meta.url).href
    ) as { startTelemetry: typeof start };
    let said = "";
    const telemetry = await startTelemetry(FACTS, { metrics: { host: "127.0.0.1", port: 0 } },
      (text) => {
        said += text;
      });
    const most = 20_000;
    for (let cycle = 0; cycle < most; cycle++) telemetry.take(factsOf(cycle));
    const url = /http:\S+/.exec(said)![0];
    let [taken, dropped] = [0, 0];
    // What was dropped last is told with the next that is taken.
    for (let more = 1; more <= 100; more++) {
      await wait(100);
      telemetry.take(factsOf(most + more));
      await wait(100);
      const text = await scrape(url);
      taken = valueOf(text, 'tagma_cycles_total{verdict="held"}')!;
      dropped = valueOf(text, 'tagma_telemetry_dropped_total{to="thread"}')!;
      if (taken + dropped === most + more) break;
      assert.ok(more < 100, `${taken} taken and ${dropped} dropped of ${most + more}`);
    }
    assert.ok(dropped > 100, `${dropped} dropped`);
    await telemetry.end();
  });

  it("ends without a broker that has stopped, in a moment", async (context) => {
    const port = await freePort();
    const broker = await startBroker(port, context);
    const bus = startBus(fileIn(folder(context), "desk"), await serveBoards(NETWORK, context),
      ["--mqtt", `mqtt://127.0.0.1:${port}`], context);
    await bus.until(() => bus.records.length > 3 && /is there/.test(bus.err()));
    broker.kill("SIGSTOP");
    const began = performance.now();
    await bus.end();
    assert.ok(performance.now() - began < 10_000);
    broker.kill("SIGKILL");
  });
});
