import { startWriting } from "../base/file.js";
import type { FrameEvent, Header } from "../events/events.js";
import type { Network } from "../network/network.js";
import { BITS_A_BYTE } from "../plan/plan.js";
import { isOnLine, linksOf } from "./links.js";
import type { Capture } from "./links.js";

/**
 * The levels of all lines as a value change dump (IEEE 1364, 18.2), as their receivers had them:
 * what a logic analyser would have recorded at the boards' pins.
 */

interface Change {
  readonly time: number;
  readonly text: string;
}

/** Nanoseconds of the units of time that there may be, and as many units as a bit has at least. */
const UNITS = [[10_000, "10 us"], [1000, "1 us"], [100, "100 ns"], [10, "10 ns"]] as const;
const FINEST = [1, "1 ns"] as const;
const UNITS_A_BIT = 10;
/** Bits that a line rests in the end, so that an analyser sees that the last frame is over. */
const REST = 40;
/** Bits that it rests before anything begins, so that the first start bit has an edge. */
const LEAD = 20;
const PART = 1 << 16;

/** Identifiers are printable characters without blanks; one or two are enough. */
const FIRST = 33;
const MANY = 94;
const codeOf = (index: number): string =>
  (index < MANY ? "" : String.fromCharCode(FIRST + Math.floor(index / MANY) - 1)) +
  String.fromCharCode(FIRST + index % MANY);

/** Names as comments have them: `$end` would end one. */
const commentOf = (text: string): string => text.replaceAll(/[^ -~]|\$/g, "?");

export const createVcd = (path: string, { seed }: Header, network: Network): Capture => {
  const { baud, name } = network.file;
  const bit = 1e9 / baud;
  const [size, unit] = UNITS.find(([one]) => bit / one >= UNITS_A_BIT) ?? FINEST;
  const links = linksOf(network);
  // No vectors: libsigrok 0.5 reads none.
  const marks = ["cycle", "odd_round", "broken"].map((mark, at) =>
    ({ mark, code: codeOf(links.all.length + at) }));
  const [cycleCode, roundCode, brokenCode] = marks.map(({ code }) => code);
  // Of a later cycle alone, nobody wants the silence before it.
  let origin: number | undefined;
  const unitsOf = (bits: number) =>
    Math.round(((bits - (origin ?? 0) + LEAD) * bit) / size);
  const writing = startWriting(path);
  let text = "";
  let changes: Change[] = [];
  // What was written last, and until when each line is busy.
  let [written, last] = [-1, 0];
  const busy = links.all.map(() => 0);

  const put = (line: string) => {
    text += line;
    if (text.length < PART) return;
    writing.append(Buffer.from(text, "latin1"));
    text = "";
  };

  /** Writes all changes that are older, in their order. */
  const flush = (before: number) => {
    const due = changes.filter(({ time }) => time < before)
      .toSorted((one, other) => one.time - other.time);
    changes = changes.filter(({ time }) => time >= before);
    for (const change of due) {
      // Whatever is told too late, time does not go back.
      const time = Math.max(unitsOf(change.time), written, 0);
      if (time !== written) put(`#${time}\n`);
      written = time;
      put(change.text);
    }
  };

  const draw = (frame: FrameEvent) => {
    const at = links.of(frame);
    const pace = links.pace(frame);
    // Of real lines only the end of a frame is known, and that not to the bit.
    const begins = Math.max(links.begins(frame), busy[at]!, origin ?? 0);
    const code = codeOf(at);
    frame.bytes.forEach((byte, index) => {
      const from = begins + pace * index;
      // The start bit, eight bits, the lowest first, and the stop bit.
      const bits = (byte << 1) | (1 << 9);
      let level = 1;
      for (let place = 0; place < BITS_A_BYTE; place++) {
        const now = (bits >> place) & 1;
        if (now !== level) changes.push({ time: from + place, text: `${now}${code}\n` });
        level = now;
      }
    });
    busy[at] = begins + pace * frame.bytes.length;
    last = Math.max(last, busy[at]);
  };

  const set = (time: number, level: boolean, code: string | undefined) => {
    changes.push({ time, text: `${Number(level)}${code}\n` });
  };

  put(`$comment tagma: ${commentOf(name)}, seed ${seed}, ${baud} baud, 8N1, words of ${
    network.boards[0]!.layout.word}, boards ${network.boards.map((board) => board.name).join("+")
  } $end\n`);
  put(`$timescale ${unit} $end\n$scope module tagma $end\n`);
  links.all.forEach((link, at) => {
    put(`$var wire 1 ${codeOf(at)} ${link.name} $end\n`);
  });
  for (const { mark, code } of marks) put(`$var wire 1 ${code} ${mark} $end\n`);
  put("$upscope $end\n$enddefinitions $end\n#0\n$dumpvars\n");
  put(links.all.map((_, at) => `1${codeOf(at)}\n`).join(""));
  put(`${marks.map(({ code }) => `0${code}\n`).join("")}$end\n`);
  written = 0;

  return {
    take(event) {
      origin ??= event.e === "frame" ? links.begins(event) : event.t;
      last = Math.max(last, event.t);
      if (event.e === "frame") {
        if (isOnLine(network, event)) draw(event);
      } else if (event.e === "beacon") {
        set(event.t, event.round > 0, cycleCode);
        set(event.t, event.round % 2 > 0, roundCode);
      } else {
        set(event.t, event.verdict === "broken", brokenCode);
        // A frame that is late may have begun in this cycle and end in the next one.
        flush(event.t - links.longest);
      }
    },
    finish() {
      flush(Infinity);
      put(`#${Math.max(unitsOf(last + REST), written + 1)}\n`);
      writing.append(Buffer.from(text, "latin1"));
      writing.finish();
    },
    abandon() {
      writing.abandon();
    },
  };
};
