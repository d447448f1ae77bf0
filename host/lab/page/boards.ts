/// <reference lib="dom" />
import { html } from "htm/preact";
import type { VNode } from "preact";
import type { Shown } from "../../base/values.js";
import { FAULTS, WIRE_FAULTS } from "../../faults/registry.js";
import type { CycleRecord } from "../../emulate/emulate.js";
import { healthOf } from "../../events/names.js";
import type { Network } from "../../network/network.js";
import type { Deed, Doing } from "./story.js";

/** A card for each board: what it is to the others, and what somebody does to it. */

/** What a page can begin at any time: not a second copy of a board, which is there at the start. */
const choicesOf = ({ wiring }: Network) => (wiring ? WIRE_FAULTS : FAULTS).filter((kind) =>
  (kind.on === "board" || kind.on === "liar") && !kind.twice);

const BOUNDS: Readonly<Record<string, readonly [number, number]>> = {
  u8: [0, 255], u16: [0, 65_535], u32: [0, 4_294_967_295], i16: [-32_768, 32_767],
  i32: [-2_147_483_648, 2_147_483_647], f32: [-100, 100],
};

export interface BoardsProps {
  readonly network: Network;
  readonly record: CycleRecord | undefined;
  readonly doings: readonly Doing[];
  /** Absent: nothing can be done. */
  readonly act?: ((deed: Omit<Deed, "at">) => void) | undefined;
}

/** What a board is to the others. */
const healthMark = (record: CycleRecord | undefined, board: number): VNode | null => {
  const health = healthOf(record?.health, board);
  if (!health) return null;
  const { state, sign } = health;
  return html` <span class="state ${state}">${state}${sign === "none" ? "" : `: ${sign}`}</span>`;
};

const textOf = (shown: Shown | undefined): string =>
  (shown === null || shown === undefined ? "⊥" : String(shown));

const reading = (
  network: Network, name: string, { shows }: Doing, now: Shown | undefined,
  act: NonNullable<BoardsProps["act"]>,
): VNode => {
  const held = shows !== "auto";
  const value = held ? shows : now;
  const bounds = BOUNDS[network.type.name];
  const take = (event: Event) => {
    const { value: text, checked, type } = event.target as HTMLInputElement;
    act({ board: name, shows: type === "checkbox" ? checked : Number(text) });
  };
  const control = network.type.name === "bool"
    ? html`<input type="checkbox" checked=${value === true} onChange=${take}
        aria-label="what the sensor of ${name} shows" />`
    : bounds ? html`<input type="range" min=${bounds[0]} max=${bounds[1]}
        step=${network.type.whole ? 1 : 0.01} value=${Number(value ?? 0)} onInput=${take}
        aria-label="what the sensor of ${name} shows" />` : null;
  return html`<div class="reading"><span>shows ${textOf(value)}</span>${control}
    <label><input type="checkbox" checked=${held} onChange=${(event: Event) => {
      const { checked } = event.target as HTMLInputElement;
      act({ board: name, shows: checked ? now ?? null : "auto" });
    }} /> hold</label></div>`;
};

const card = (props: BoardsProps, board: number): VNode => {
  const { network, record, doings, act } = props;
  const { name } = network.boards[board]!;
  const doing = doings[board] ?? { does: "", cut: false, shows: "auto" };
  const faulty = record?.faulty.includes(board);
  return html`<li class=${faulty ? "card faulty" : "card"} data-board=${name}>
    <h3>${name}${faulty ? html` <em>faulty</em>` : null}${healthMark(record, board)}
    </h3>
    ${act ? html`
      <label class="does">does <select aria-label="what ${name} does" value=${doing.does}
        onChange=${(event: Event) => {
          act({ board: name, does: (event.target as HTMLSelectElement).value });
        }}>
        <option value="">its program</option>
        ${choicesOf(network).map(({ name: does, help }) =>
          html`<option value=${does} selected=${doing.does === does}>${does}: ${help}</option>`)}
      </select></label>
      <button type="button" aria-pressed=${doing.cut} onClick=${() => {
        act({ board: name, cut: !doing.cut });
      }}>${doing.cut ? "mend its line" : "cut its line"}</button>
      ${reading(network, name, doing, record?.inputs[board], act)}`
      : html`<p>put in ${textOf(record?.inputs[board])}</p>`}
    <p class="held">holds ${record?.vectors[board]?.map(textOf).join(" ") ?? "-"},
      order ${record?.vectors[board] ? textOf(record.orders[board]) : "-"}</p>
  </li>`;
};

export const Boards = (props: BoardsProps): VNode =>
  html`<ul class="boards">${props.network.boards.map(({ number }) => card(props, number))}</ul>`;
