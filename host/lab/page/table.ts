import { html } from "htm/preact";
import type { VNode } from "preact";
import type { Shown } from "../../base/values.js";
import type { CycleRecord } from "../../emulate/emulate.js";
import { verdictText } from "../../events/names.js";
import type { Network } from "../../network/network.js";

/** The last cycles, a row each. */

const ROWS = 12;

const cell = (shown: Shown | undefined): string =>
  (shown === null || shown === undefined ? "⊥" : String(shown));

const ordered = ({ vectors, orders, faulty }: CycleRecord): string => {
  const held = vectors.flatMap((vector, board) => (vector ? [cell(orders[board])] : []));
  const told = [...new Set(held)];
  if (!told.length) return faulty.length ? "-" : "nothing";
  return told.length === 1 ? told[0]! : "they differ";
};

const decided = ({ decisions = [], faulty }: CycleRecord): string => {
  const all = decisions.flatMap((list, board) => (faulty.includes(board) ? []
    : list.map(({ slot, value }) => `${slot}: ${cell(value)}`)));
  return [...new Set(all)].join(", ");
};

export const Table = ({ network, records, shown, go }: {
  network: Network; records: readonly CycleRecord[]; shown: number; go: (cycle: number) => void;
}): VNode => {
  const at = records.findIndex(({ cycle }) => cycle === shown);
  const last = records.slice(Math.max(0, at + 1 - ROWS), at + 1).toReversed();
  return html`<table><caption>the last cycles</caption><thead><tr><th scope="col">cycle</th>
    ${network.boards.map(({ name }) => html`<th scope="col">${name}</th>`)}
    <th scope="col">${network.ballots ? "decided" : "order"}</th><th scope="col">verdict</th>
  </tr></thead><tbody>${last.map((record) => html`<tr class=${record.verdict === "broken"
    ? "broken" : ""} aria-current=${record.cycle === shown ? "true" : undefined}>
    <th scope="row"><button type="button" onClick=${() => {
      go(record.cycle);
    }} aria-label="show cycle ${record.cycle}">${record.cycle}</button></th>
    ${record.inputs.map((input, board) =>
      html`<td>${cell(input)}${record.faulty.includes(board) ? "*" : ""}</td>`)}
    <td>${network.ballots ? decided(record) : ordered(record)}</td>
    <td class="verdict">${verdictText(record)}</td></tr>`)}</tbody></table>`;
};
