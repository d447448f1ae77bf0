/// <reference lib="dom" />
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import type { VNode } from "preact";
import uPlot from "uplot";
import type { CycleRecord } from "../../emulate/emulate.js";
import type { Network } from "../../network/network.js";

/** What boards put in and what is ordered, cycle by cycle. */

const COLOURS = ["#2b6ca3", "#b5127f", "#157a5b", "#c9480a", "#7a5cc9", "#8a6d00", "#5b6770"];
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

export const Plot = (
  { network, records, shown }: {
    network: Network; records: readonly CycleRecord[]; shown: number;
  },
): VNode => {
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  useEffect(() => {
    const element = holder.current!;
    const ink = getComputedStyle(element).color;
    const axis = { stroke: ink, grid: { stroke: "#8884" }, ticks: { stroke: "#8884" } };
    plot.current = new uPlot({
      width: element.clientWidth || 300, height: HEIGHT, scales: { x: { time: false } },
      axes: [axis, axis], legend: { live: false },
      series: [
        { label: "cycle" }, { label: "order", stroke: ink, width: 3 },
        ...network.boards.map(({ name }, at) =>
          ({ label: name, stroke: COLOURS[at % COLOURS.length]!, width: 1.5 })),
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
  }, [network]);
  useEffect(() => {
    plot.current?.setData(dataOf(network, records, shown) as uPlot.AlignedData);
  }, [network, shown]);
  return html`<div class="plot" ref=${holder} role="img"
    aria-label="readings and orders of the last ${Math.min(records.length, SHOWN)} cycles"></div>`;
};
