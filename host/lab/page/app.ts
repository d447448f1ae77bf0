/// <reference lib="dom" />
import { html } from "htm/preact";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { VNode } from "preact";
import { messageOf } from "../../base/error.js";
import { parseJson } from "../../base/json.js";
import { verdictText } from "../../events/names.js";
import { Boards } from "./boards.js";
import { Editor } from "./editor.js";
import { Picture } from "./picture.js";
import { Plot } from "./plot.js";
import { beginningAt, isFast, showAll, shownIn, usePlaying } from "./playing.js";
import { PREPARED } from "./prepared.js";
import { networkOf, startRun } from "./run.js";
import type { Run } from "./run.js";
import { doingsIn, linkOf, storyIn } from "./story.js";
import type { Deed, Story } from "./story.js";
import { Table } from "./table.js";
import { Theme } from "./theme.js";

/** The page in which the emulator runs. */

/** Cycles a second, by the places of a slider; the last: as many as there is time for. */
const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4, 10, 30, 100, Infinity];
const firstStory = (): { story: Story; wrong: string } => {
  const fallback = PREPARED[2]!.story;
  const link = location.hash.slice(1);
  if (!link) return { story: fallback, wrong: "" };
  try {
    const story = storyIn(link);
    networkOf(story.network);
    return { story, wrong: "" };
  } catch (thrown) {
    return { story: fallback, wrong: messageOf(thrown) };
  }
};

const useRun = (story: Story, told: (wrong: string) => void) => {
  const [, setCount] = useState(0);
  const run = useMemo(() => startRun(story, () => undefined), [story]);
  const refresh = useCallback(() => {
    setCount((count) => count + 1);
  }, []);
  const go = useCallback(async (cycles: number) => {
    try {
      await run.go(cycles);
    } catch (thrown) {
      told(messageOf(thrown));
    }
  }, [run]);
  useEffect(() => {
    void go((story.to ?? 0) + 1).then(refresh);
    return run.stop;
  }, [run]);
  return { run, go, refresh };
};

/** Space plays and stops; arrows step. */
const useKeys = (toggle: () => void, step: (by: number) => void) => {
  // As of what is drawn: effects come later.
  const latest = useRef({ toggle, step });
  latest.current = { toggle, step };
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const { tagName, isContentEditable } = event.target as HTMLElement;
      if (isContentEditable || /INPUT|SELECT|TEXTAREA|BUTTON/.test(tagName)) return;
      if (event.key === " ") latest.current.toggle();
      else if (event.key === "ArrowRight") latest.current.step(1);
      else if (event.key === "ArrowLeft") latest.current.step(-1);
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => {
      removeEventListener("keydown", press);
    };
  }, []);
};

/** Somebody follows another link while the page is open. */
const useLink = (open: (story: Story) => void, refuse: (why: string) => void) => {
  useEffect(() => {
    const changed = () => {
      const { story, wrong } = firstStory();
      if (wrong) refuse(wrong);
      else open(story);
    };
    addEventListener("hashchange", changed);
    return () => {
      removeEventListener("hashchange", changed);
    };
  }, []);
};

const button = (label: string, act: () => void, more: Record<string, unknown> = {}): VNode =>
  html`<button type="button" onClick=${act} ...${more}>${label}</button>`;

const targetOf = (event: Event): HTMLInputElement => event.target as HTMLInputElement;

interface ControlsProps {
  readonly playing: boolean;
  readonly speed: number;
  readonly shown: number;
  readonly last: number;
  readonly seed: number;
  readonly told: string;
  readonly toggle: () => void;
  readonly seek: (cycle: number) => void;
  readonly hasten: (speed: number) => void;
  readonly reseed: (seed: number) => void;
  readonly link: () => void;
}

const Controls = (props: ControlsProps): VNode => {
  const { playing, speed, shown, last, seed, told, toggle, seek, hasten, reseed, link } = props;
  const words = SPEEDS[speed] === Infinity ? "as fast as it can" : `${SPEEDS[speed]} a second`;
  return html`<div class="controls" role="toolbar" aria-label="the run">
    ${button(playing ? "pause" : "play", toggle, { class: "play" })}
    ${button("back", () => {
      seek(shown - 1);
    }, { "aria-label": "one cycle back" })}
    ${button("step", () => {
      seek(shown + 1);
    }, { "aria-label": "one cycle on" })}
    <label>speed <input type="range" min="0" max=${SPEEDS.length - 1} value=${speed}
      aria-label="speed" aria-valuetext="${words}" onInput=${(event: Event) => {
        hasten(Number(targetOf(event).value));
      }} /> <span>${words}</span></label>
    <label class="seek">cycle <input type="range" min="0" max=${last} value=${shown}
      aria-label="cycle" onInput=${(event: Event) => {
        seek(Number(targetOf(event).value));
      }} /> <output>${shown}</output></label>
    <label>seed <input type="number" min="0" max="4294967295" value=${seed} aria-label="seed"
      onChange=${(event: Event) => {
        reseed(Number(targetOf(event).value));
      }} /></label>
    ${button("link", link, { "aria-label": "a link that shows this to others" })}
    <span role="status">${told}</span>
  </div>`;
};

/** The network file, and a button that runs it. */
const File = ({ text, run }: { text: string; run: (content: string) => void }): VNode => {
  const [edited, setEdited] = useState({ text: "", wrong: "" });
  return html`<details><summary>the network file</summary>
    <${Editor} text=${text} changed=${(content: string, wrong: string) => {
      setEdited({ text: content, wrong });
    }} />
    <p class="wrong" role="status">${edited.wrong}</p>
    ${button("run this network", () => {
      run(edited.text);
    }, { disabled: edited.text === "" || edited.wrong !== "" })}
  </details>`;
};

const Head = (
  { name, story, open }: { name: string; story: Story; open: (story: Story) => void },
): VNode => html`<header><h1>Tagma lab</h1><${Theme} />
  <label>begin with <select aria-label="begin with" onChange=${(event: Event) => {
    const chosen = PREPARED[Number(targetOf(event).value)];
    if (chosen) open(chosen.story);
  }}><option value="-1">${name}</option>
    ${PREPARED.map(({ title, story: one }, at) =>
      html`<option value=${at} selected=${one === story}>${title}</option>`)}</select></label>
</header>`;

/** Puts what is shown into the address. @returns what is told of that */
const shareLink = async (story: Story): Promise<string> => {
  const address = new URL(location.href);
  address.hash = linkOf(story);
  history.replaceState(null, "", address);
  try {
    await navigator.clipboard.writeText(address.href);
    return "the link is in the address bar, and copied";
  } catch {
    return "the link is in the address bar";
  }
};

/** What a person may do, in words that go wrong in one line. */
const useDeeds = (run: Run, story: Story, shown: number, playing: boolean, more: {
  readonly open: (story: Story) => void;
  readonly seek: (cycle: number) => void;
  readonly tell: (wrong: string) => void;
}) => {
  const { network } = run;
  const { open, seek, tell } = more;
  const act = (deed: Omit<Deed, "at">) => {
    try {
      // What was run beyond the cycle that is shown is run anew.
      if (shown + 1 < run.records.length) {
        const deeds = [...run.deeds.filter(({ at }) => at <= shown), { ...deed, at: shown + 1 }];
        open({ network: story.network, seed: story.seed, deeds, to: shown + 1 });
        return;
      }
      run.add(deed);
      tell("");
      if (!playing) seek(shown + 1);
    } catch (thrown) {
      tell(messageOf(thrown));
    }
  };
  const doings = doingsIn(network, run.deeds, playing ? run.records.length : shown);
  const named = (board: number) => network.boards[board]!.name;
  return {
    act, doings,
    liar: (board: number) => {
      // On a wire that all share, a liar tells all the same.
      const lies = network.wiring ? "random" : "equivocate";
      act({ board: named(board), does: doings[board]!.does ? "" : lies });
    },
    line: (board: number) => {
      act({ board: named(board), cut: !doings[board]!.cut });
    },
  };
};

export const App = (): VNode => {
  const [begun] = useState(firstStory);
  const [story, setStory] = useState(begun.story);
  const [wrong, setWrong] = useState(begun.wrong);
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(4);
  const [copied, setCopied] = useState("");
  const { run, go, refresh } = useRun(story, setWrong);
  const place = useRef(beginningAt(story.to ?? 0));
  const rate = usePlaying(run, go, refresh, playing, SPEEDS[speed]!, place);
  const state = place.current;
  const { network, records } = run;
  const fast = playing && isFast(SPEEDS[speed]!);
  const [shown, plotted, pictured] = shownIn(state, fast, records.length);
  const record = records[shown];
  const open = (next: Story) => {
    place.current = beginningAt(next.to ?? 0);
    setPlaying(false);
    setWrong("");
    setStory(next);
  };
  const seek = (cycle: number) => {
    state.at = Math.max(0, Math.min(run.most - 1, cycle));
    showAll(state);
    void go(Math.floor(state.at) + 1 - records.length).then(refresh);
  };
  const toggle = () => {
    showAll(state);
    setPlaying(!playing);
  };
  const { act, doings, liar, line } =
    useDeeds(run, story, shown, playing, { open, seek, tell: setWrong });
  useKeys(toggle, (by) => {
    seek(shown + by);
  });
  useLink(open, setWrong);
  const shared = { network: network.file, seed: story.seed, deeds: run.deeds, to: shown };
  Object.assign(globalThis, {
    tagmaLab: {
      cycles: () => records.length, rate: () => rate.current(), shown: () => shown,
      records: () => records,
    },
  });
  const attempt = (work: () => void) => {
    try {
      work();
    } catch (thrown) {
      setWrong(messageOf(thrown));
    }
  };
  const text = useMemo(() => JSON.stringify(network.file, null, 2), [story]);
  return html`<${Head} name=${network.file.name} story=${story} open=${open} />
    <p class="tells">${PREPARED.find(({ story: one }) => one === story)?.tells}</p>
    <p class="wrong" role="alert">${wrong}</p>
    <${Controls} playing=${playing} speed=${speed} shown=${shown} told=${copied}
      last=${Math.max(0, records.length - 1)} seed=${story.seed} toggle=${toggle} seek=${seek}
      hasten=${setSpeed} link=${() => void shareLink(shared).then(setCopied)}
      reseed=${(seed: number) => {
        if (Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32) open({ ...shared, seed });
        else setWrong(`seed: ${seed} must be a whole number from 0 to ${2 ** 32 - 1}`);
      }} />
    <p class="verdict ${record?.verdict ?? ""}" role="status"
      aria-live=${playing ? "off" : "polite"}>
      ${record ? `cycle ${record.cycle}: ${verdictText(record)}` : "nothing has run yet"}</p>
    <${Picture} header=${run.header(pictured)} network=${network} events=${run.events(pictured)}
      cycle=${pictured} done=${SPEEDS[speed]! <= 2 && playing ? state.at - shown : 1}
      onBoard=${liar} onLine=${line} />
    <${Boards} network=${network} record=${record} doings=${doings} act=${act} />
    <div class="two"><${Plot} network=${network} records=${records} shown=${plotted} />
      <div class="rows" tabindex="0" role="group" aria-label="the last cycles"><${Table}
        network=${network} records=${records} shown=${shown} go=${seek} /></div></div>
    <${File} text=${text} run=${(content: string) => {
      attempt(() => {
        const next = { network: parseJson(content), seed: story.seed, deeds: [] };
        networkOf(next.network);
        open(next);
      });
    }} />`;
};
