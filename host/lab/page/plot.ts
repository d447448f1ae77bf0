/// <reference lib="dom" />
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import type { VNode } from "preact";
import uPlot from "uplot";
import { plural } from "../../base/text.js";
import type { CycleRecord } from "../../emulate/emulate.js";
import type { Network } from "../../network/network.js";
import { useLook } from "./theme.js";

/** What boards put in and what is ordered, cycle by cycle. */

const COLOURS = ["#2b6ca3", "#b5127f", "#157a5b", "#c9480a", "#7a5cc9", "#8a6d00", "#5b6770"];
/** The same on dark paper. */
const BRIGHT = ["#7fbdf2", "#ff8bd2", "#6fd3ab", "#ff9c66", "#b9a3ff", "#e3c04f", "#b4c0ca"];
const SHOWN = 200;
const HEIGHT = 190;

const numberOf = (shown: unknown): number | null =>
  (typeof shown === "number" ? shown : typeof shown === "boolean" ? Number(shown) : null);

const dataOf = (
  network: Network, records: readonly CycleRecord[], shown: number,
): (number | null)[][] => {
  const end = records.findIndex(({ cycle }) => cycle === shown) + 1;
  const last = records.slice(Math.max(0, end - SHOWN), end);
  const order = ({ vectors, orders }: CycleRecord) =>
    numberOf(orders[vectors.findIndex((vector) => vector)] ?? null);
  return [
    last.map(({ cycle }) => cycle), last.map(order),
    ...network.boards.map((_, board) => last.map(({ inputs }) => numberOf(inputs[board]))),
  ];
};

/** One cycle alone, and one value alone, have room too. */
const range = (_plot: uPlot, low: number | null, high: number | null): uPlot.Range.MinMax =>
  [low ?? 0, Math.max(high ?? 1, (low ?? 0) + 1)];
const wider = (_plot: uPlot, low: number | null, high: number | null): uPlot.Range.MinMax =>
  (low === null || high === null ? [0, 1] : low < high ? uPlot.rangeNum(low, high, 0.1, true)
    : [low - 1, high + 1]);

export const Plot = (
  { network, records, shown }: {
    network: Network; records: readonly CycleRecord[]; shown: number;
  },
): VNode => {
  const look = useLook();
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  useEffect(() => {
    const element = holder.current!;
    const { color: ink, colorScheme } = getComputedStyle(element);
    const colours = colorScheme === "dark" ? BRIGHT : COLOURS;
    const axis = { stroke: ink, grid: { stroke: "#8884" }, ticks: { stroke: "#8884" } };
    plot.current = new uPlot({
      width: element.clientWidth || 300, height: HEIGHT,
      scales: { x: { time: false, range }, y: { range: wider } },
      axes: [axis, axis], legend: { live: false },
      series: [
        { label: "cycle" }, { label: "order", stroke: ink, width: 3 },
        ...network.boards.map(({ name }, at) =>
          ({ label: name, stroke: colours[at % colours.length]!, width: 1.5 })),
      ],
    }, dataOf(network, records, shown) as uPlot.AlignedData, element);
    const watch = new ResizeObserver(() => {
      plot.current?.setSize({ width: element.clientWidth || 300, height: HEIGHT });
    });
    watch.observe(element);
    return () => {
      watch.disconnect();
      plot.current?.destroy();
    };
  }, [network, look]);
  useEffect(() => {
    plot.current?.setData(dataOf(network, records, shown) as uPlot.AlignedData);
  }, [network, shown]);
  return html`<div class="plot" ref=${holder} role="img"
    aria-label="readings and orders of ${
      plural(Math.min(records.length, SHOWN), "cycle")}"></div>`;
};
