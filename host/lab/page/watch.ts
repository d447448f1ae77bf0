/// <reference lib="dom" />
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import type { VNode } from "preact";
import { plural } from "../../base/text.js";
import { verdictText } from "../../events/names.js";
import { Boards } from "./boards.js";
import { Picture } from "./picture.js";
import { Plot } from "./plot.js";
import { listen } from "./source.js";
import type { Feed } from "./source.js";
import { Table } from "./table.js";
import { Theme } from "./theme.js";

/** The page of a run on real lines: it shows, and changes nothing unless it has a token. */

const STATES: Readonly<Record<string, string>> = {
  open: "the bus runs", away: "the bus does not answer", over: "the run is over",
};

const stopBus = async (token: string): Promise<string> => {
  const answer = await fetch("stop", { method: "POST", headers: { "x-tagma-token": token } });
  return answer.ok ? "the bus is asked to stop" : `the bus refuses: ${await answer.text()}`;
};

export const Watch = (): VNode => {
  const [now, setNow] = useState<{ feed: Feed | undefined; state: string; count: number }>(
    { feed: undefined, state: "away", count: 0 });
  const [held, setHeld] = useState<number | undefined>(undefined);
  const [answer, setAnswer] = useState("");
  useEffect(() => {
    let [count, waits] = [0, false];
    let latest: { feed: Feed | undefined; state: string };
    listen((feed, state) => {
      count++;
      latest = { feed, state };
      if (waits) return;
      waits = true;
      // By then there may be a later one: the end comes right behind the last cycle.
      requestAnimationFrame(() => {
        waits = false;
        setNow({ ...latest, count });
      });
    });
  }, []);
  const token = location.hash.slice(1);
  const { feed, state } = now;
  const last = feed?.records.at(-1);
  const record = feed?.records.find(({ cycle }) => cycle === held) ?? last;
  Object.assign(globalThis, {
    tagmaLab: { cycles: () => last?.cycle ?? -1, kept: () => feed?.records.length ?? 0 },
  });
  return html`<header><h1>Tagma bus</h1><${Theme} /><span role="status">${STATES[state]}${
    feed?.left ? `, ${plural(feed.left, "cycle was", "cycles were")} left out` : ""}</span>
    ${token ? html`<button type="button" onClick=${() => {
      void stopBus(token).then(setAnswer, () => {
        setAnswer("the bus does not answer");
      });
    }}>stop the bus</button><span role="status">${answer}</span>` : null}</header>
    ${feed && record ? html`
      <p class="verdict ${record.verdict}" role="status">cycle ${record.cycle}: ${
        verdictText(record)}</p>
      <button type="button" aria-pressed=${held !== undefined} onClick=${() => {
        setHeld(held === undefined ? record.cycle : undefined);
      }}>${held === undefined ? "hold this cycle" : "follow the bus"}</button>
      <${Picture} header=${feed.header} network=${feed.network}
        events=${feed.events(record.cycle)} cycle=${record.cycle} done=${1} />
      <${Boards} network=${feed.network} record=${record} doings=${[]} />
      <div class="two"><${Plot} network=${feed.network} records=${feed.records}
        shown=${record.cycle} />
        <div class="rows" tabindex="0" role="group" aria-label="the last cycles"><${Table}
          network=${feed.network} records=${feed.records} shown=${record.cycle}
          go=${setHeld} /></div></div>` : html`<p>no cycle is over yet</p>`}`;
};
