/**
 * Draws what Prometheus knows of a bus one of whose boards, c, fails to answer more and more.
 *
 *     node --import tsx test/telemetry/draw.ts FILE.svg
 *
 * takes a minute, needs Debian's prometheus and what is built, and writes the picture of
 * docs/telemetry.md.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { element, path, text } from "../../host/picture/svg.js";
import { contentOf } from "../cli/harness.js";
import { desk } from "../live/world.js";
import { serveBoards } from "./boards.js";

const MAIN = new URL("../../dist/host/cli/main.js", import.meta.url).pathname;
const [METRICS, PROMETHEUS] = [19_464, 19_090];
const SECONDS = 14;
/** Of how many frames c says all but one, in one run after the other. */
const STEPS = [Infinity, 40, 8, Infinity];
const C = 2;
const CHANGES = { guard_us: 45_000, period_ms: 150, health: { permanent: 2, forget: 12 } };
const COLOURS = ["#157a5b", "#2f6db3", "#c9480a", "#7a4ba0"];
const [WIDTH, HEIGHT, LEFT, TOP, BOTTOM, RIGHT] = [760, 330, 50, 40, 90, 20];
/** What the boards agree that c is, and its colour and that of its name. */
const STATES: Readonly<Record<string, readonly [string, string]>> = {
  trusted: ["#cfe8dd", "#0f6b4c"], transient: ["#f3e3b3", "#6b5200"],
  permanent: ["#f6c3ab", "#8c2f00"], watched: ["#d3dcf2", "#2b4c8c"],
  unknown: ["#e3e3e3", "#444444"],
};

interface Series {
  readonly metric: { readonly board: string; readonly state?: string };
  readonly values: readonly (readonly [number, string])[];
}

const query = async (expression: string, from: number, to: number): Promise<Series[]> => {
  const url = new URL(`http://127.0.0.1:${PROMETHEUS}/api/v1/query_range`);
  url.search = new URLSearchParams({
    query: expression, start: String(from), end: String(to), step: "1",
  }).toString();
  const { data } = await (await fetch(url)).json() as { data: { result: Series[] } };
  return data.result;
};

/** A strip of what c is to the others, a piece as long as it is the same. */
const strip = (series: readonly Series[], x: (time: number) => number): string[] => {
  const times = series.flatMap(({ metric: { state = "" }, values }) =>
    values.flatMap(([time, value]) => (Number(value) === 1 ? [{ time, state }] : [])))
    .toSorted((one, other) => one.time - other.time);
  const pieces: { state: string; from: number; to: number }[] = [];
  for (const { time, state } of times) {
    const last = pieces.at(-1);
    if (last?.state === state && time - last.to < 3) last.to = time;
    else pieces.push({ state, from: time, to: time });
  }
  const top = HEIGHT - BOTTOM + 24;
  return pieces.flatMap(({ state, from, to }) => {
    const [left, right] = [x(from - 0.5), x(to + 0.5)];
    const [paper, ink] = STATES[state]!;
    return [
      element("rect", { x: left, y: top, width: right - left, height: 22, fill: paper }),
      ...(right - left > 62 ? [text((left + right) / 2, top + 15, 12, state,
        { "text-anchor": "middle", fill: ink })] : []),
    ];
  });
};

/** Which colour is which state. */
const legend = (): string[] => Object.entries(STATES).flatMap(([state, [paper, ink]], at) => [
  element("rect", {
    x: LEFT + 250 + at * 92, y: HEIGHT - 26, width: 12, height: 14, fill: paper, stroke: ink,
    "stroke-width": 0.5,
  }),
  text(LEFT + 266 + at * 92, HEIGHT - 14, 12, state, { fill: ink }),
]);

const chart = (
  series: readonly Series[], states: readonly Series[], from: number, to: number,
): string => {
  const x = (time: number) => LEFT + ((time - from) / (to - from)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => HEIGHT - BOTTOM - value * (HEIGHT - TOP - BOTTOM);
  const grid = [0, 0.25, 0.5, 0.75, 1].flatMap((value) => [
    element("path", { d: path("M", LEFT, y(value), "H", WIDTH - RIGHT), stroke: "#dddddd" }),
    text(LEFT - 8, y(value) + 4, 12, String(value), { "text-anchor": "end", fill: "#333333" }),
  ]);
  const lines = series.flatMap(({ metric: { board }, values }, at) => [
    element("path", {
      d: path(...values.flatMap(([time, value], index) =>
        [index ? "L" : "M", x(time), y(Number(value))])),
      fill: "none", stroke: COLOURS[at]!, "stroke-width": 2,
    }),
    text(LEFT + 30 + at * 60, HEIGHT - 14, 13, board, { fill: COLOURS[at]! }),
  ]);
  return `${element("svg", {
    xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH,
    height: HEIGHT, "font-family": "DejaVu Sans, sans-serif",
  }, element("rect", { width: WIDTH, height: HEIGHT, fill: "#ffffff" }),
  text(LEFT, 22, 14, `tagma_board_good_ratio of a, b, c, d: ${SECONDS} s each with ${
    STEPS.map((step) => `${100 / step} %`).join(", ")} of c's frames not said`,
  { fill: "#333333" }), ...grid, ...lines,
  text(LEFT - 8, HEIGHT - BOTTOM + 39, 12, "c is", { "text-anchor": "end", fill: "#333333" }),
  ...strip(states, x), ...legend())}\n`;
};

const at = mkdtempSync(join(tmpdir(), "tagma-"));
const config = join(at, "prometheus.yml");
writeFileSync(config, `global: {scrape_interval: 1s}
scrape_configs: [{job_name: tagma, static_configs: [{targets: ["127.0.0.1:${METRICS}"]}]}]
`);
const file = join(at, "desk.json");
writeFileSync(file, JSON.stringify({
  ...contentOf("desk"), ...CHANGES, $schema: undefined,
}));
let step = Infinity;
let said = 0;
const ending: (() => void)[] = [];
const prometheus = spawn("prometheus", [
  `--config.file=${config}`, `--storage.tsdb.path=${join(at, "data")}`,
  `--web.listen-address=127.0.0.1:${PROMETHEUS}`,
], { stdio: "ignore" });
try {
  await wait(3000);
  const ports = await serveBoards(desk(CHANGES), {
    after(act) {
      ending.push(act);
    },
  }, (board) => board !== C || ++said % (step + 1) !== 0);
  const from = Date.now() / 1000;
  const cycles = String(Math.round((STEPS.length * SECONDS * 1000) / CHANGES.period_ms));
  const over = once(spawn(process.execPath, [
    MAIN, "bus", file, ...ports, "--cycles", cycles, "--metrics", String(METRICS),
  ], { stdio: "ignore" }), "close");
  for (const now of STEPS) {
    step = now;
    await wait(SECONDS * 1000);
  }
  await over;
  const to = Date.now() / 1000;
  writeFileSync(process.argv[2]!, chart(
    await query("tagma_board_good_ratio", from, to),
    await query('tagma_board_health{board="c"}', from, to), from, to,
  ));
} finally {
  for (const end of ending) end();
  prometheus.kill();
  await once(prometheus, "close");
  rmSync(at, { recursive: true });
}
