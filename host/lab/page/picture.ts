/// <reference lib="dom" />
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import type { VNode } from "preact";
import type { Header, TraceEvent } from "../../events/events.js";
import { diagram } from "../../picture/diagram.js";
import type { Network } from "../../network/network.js";

/** The space-time diagram of a cycle, and what a click on it means. */
export interface PictureProps {
  readonly header: Header;
  readonly network: Network;
  readonly events: readonly TraceEvent[];
  readonly cycle: number;
  /** How far the cycle is, 0 to 1: what comes later is pale. */
  readonly done: number;
  /** Absent: nothing can be done. */
  readonly onBoard?: ((board: number) => void) | undefined;
  readonly onLine?: ((board: number) => void) | undefined;
}

/** A picture may be so much smaller than it is meant to be, and no more: who could read it? */
const READABLE = 0.75;

const number = (element: Element | undefined, name: string): number =>
  Number(element?.getAttribute(name) ?? 0);

/** Gives the lines and names of boards something to do; cards below do the same by keyboard. */
const equip = (svg: SVGElement, { network, onBoard, onLine }: PictureProps) => {
  const lines = [...svg.querySelectorAll<SVGElement>("path.line:not(.hub)")];
  lines.forEach((line, board) => {
    const { name } = network.boards[board]!;
    const label = line.nextElementSibling as SVGElement;
    const wide = line.cloneNode() as SVGElement;
    wide.setAttribute("class", "touch");
    line.after(wide);
    const title = (text: string) => {
      const element = document.createElementNS("http://www.w3.org/2000/svg", "title");
      element.textContent = text;
      return element;
    };
    wide.append(title(`cut or mend the line of ${name}`));
    label.append(title(`make ${name} lie, or not`));
    label.setAttribute("class", `${label.getAttribute("class") ?? ""} touchable`);
    wide.addEventListener("click", () => onLine?.(board));
    label.addEventListener("click", () => onBoard?.(board));
  });
};

const shade = (holder: HTMLElement, svg: SVGElement, done: number) => {
  const columns = [...svg.querySelectorAll("rect.column")];
  const from = number(columns[0], "x");
  const last = columns.at(-1);
  const to = number(last, "x") + number(last, "width");
  let veil = svg.querySelector<SVGElement>("rect.veil");
  if (!veil) {
    veil = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    veil.setAttribute("class", "veil");
    veil.setAttribute("y", columns[0]?.getAttribute("y") ?? "0");
    veil.setAttribute("height", columns[0]?.getAttribute("height") ?? "0");
    svg.append(veil);
  }
  const at = from + (to - from) * done;
  veil.setAttribute("x", String(at));
  veil.setAttribute("width", String(Math.max(0, to - at)));
  holder.dataset["done"] = String(done >= 1);
  // On a narrow screen, what happens now is in the middle.
  if (done < 1 && holder.dataset["more"] === "true") {
    holder.scrollLeft = at - holder.clientWidth / 2;
  }
};

export const Picture = (props: PictureProps): VNode => {
  const { header, events, cycle, done } = props;
  const holder = useRef<HTMLDivElement>(null);
  const drawn = useRef<{ events: unknown; props: PictureProps } | undefined>(undefined);
  const watch = useRef<ResizeObserver | undefined>(undefined);
  // Told after the browser has laid all out: to ask at once makes it do that twice.
  useEffect(() => {
    const element = holder.current!;
    watch.current = new ResizeObserver(() => {
      element.dataset["more"] = String(element.scrollWidth > element.clientWidth);
    });
    watch.current.observe(element);
    return () => {
      watch.current?.disconnect();
    };
  }, []);
  useEffect(() => {
    const element = holder.current;
    if (!element) return;
    if (drawn.current?.events !== events && events.length) {
      element.innerHTML = diagram(header, events, { cycle });
      const svg = element.querySelector("svg")!;
      watch.current?.disconnect();
      watch.current?.observe(element);
      watch.current?.observe(svg);
      svg.style.minWidth = `${READABLE * number(svg, "width")}px`;
      equip(svg, {
        ...props, onBoard: (board) => drawn.current?.props.onBoard?.(board),
        onLine: (board) => drawn.current?.props.onLine?.(board),
      });
    }
    drawn.current = { events, props };
    const svg = element.querySelector("svg");
    if (svg) shade(element, svg, done);
  });
  return html`<div class="picture" ref=${holder} tabindex="0" role="group"
    aria-label="space-time diagram of cycle ${cycle}"></div>
    <p class="hint">${props.onBoard ? "A click on a board's name makes it lie, one on its line " +
      "cuts that; the cards below do the same and more. " : ""}<span
      class="more">The picture goes on to the right.</span></p>`;
};
