/**
 * Draws what sigrok makes of a board's line: levels, bytes of the UART decoder, parts of frames.
 *
 *     node --import tsx test/capture/draw.ts FILE.svg
 *
 * needs sigrok-cli, and writes the picture of docs/analysers.md.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { element, path, text } from "../../host/picture/svg.js";
import { cli } from "../cli/harness.js";
import { readVcd } from "./captured.js";

const SIGROK = new URL("../../tools/sigrok", import.meta.url).pathname;
const WIDTH = 960;
const LEFT = 76;
const ROW = 34;
const BOX = 24;
const NAMES = ["d_tx", "UART", "parts", "frames"];
const COLOURS = ["", "#dfe8f3", "#d7efe2", "#f7e3c8"];
const INK = "#333333";

interface Note {
  readonly from: number;
  readonly to: number;
  readonly row: number;
  readonly text: string;
}

const notesOf = (vcd: string): Note[] => {
  const { stdout, status } = spawnSync("sigrok-cli", [
    "-I", "vcd", "-i", vcd, "-P", "uart:rx=d_tx:baudrate=115200,tagma:boards=a+b+c+d",
    "-A", "uart=rx-data,tagma", "--protocol-decoder-samplenum",
  ], { encoding: "utf8", env: { ...process.env, SIGROKDECODE_DIR: SIGROK } });
  if (status !== 0) throw new Error("sigrok-cli is needed for it");
  const lines = [...stdout.matchAll(/^(\d+)-(\d+) (\w+)-1: (.*)$/gm)];
  return lines.map(([, from, to, decoder, said]) => ({
    from: Number(from), to: Number(to), text: said!,
    row: decoder === "uart" ? 1 : said!.includes(", cycle") ? 3 : 2,
  }));
};

const short = (said: string, room: number): string => {
  const fits = (one: string) => one.length * 6.4 <= room;
  const words = [said, said.replace(/^(Start).*$|^Payload: /, "$1"), said.replace(/^Cycle /, ""),
    said.replace("Checksum ", "")];
  return words.find(fits) ?? "";
};

const draw = (vcd: string): string => {
  const notes = notesOf(vcd);
  const frame = notes.find(({ row }) => row === 3)!;
  const [from, to] = [frame.from - 400, frame.to + 400];
  const x = (time: number) => LEFT + ((time - from) / (to - from)) * (WIDTH - LEFT - 10);
  const top = (row: number) => 20 + row * ROW;
  const wave: (string | number)[] = ["M", x(from), top(0)];
  for (const { time, level } of readVcd(vcd).waves.get("d_tx")!) {
    if (time > from && time < to) wave.push("H", x(time), "V", top(0) + (level ? 0 : BOX));
  }
  wave.push("H", x(to));
  const boxes = notes.filter((note) => note.from >= from && note.to <= to).flatMap((note) => {
    const room = x(note.to) - x(note.from);
    return [
      element("rect", {
        x: x(note.from), y: top(note.row), width: room, height: BOX, rx: 4,
        fill: COLOURS[note.row]!, stroke: INK, "stroke-width": 0.6,
      }),
      text(x(note.from) + room / 2, top(note.row) + 16, 12, short(note.text, room), {
        "text-anchor": "middle", fill: INK,
      }),
    ];
  });
  const height = top(NAMES.length) + 4;
  return `${element("svg", {
    xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${WIDTH} ${height}`, width: WIDTH, height,
    "font-family": "DejaVu Sans, sans-serif",
  }, element("rect", { width: WIDTH, height, fill: "#ffffff" }),
  ...NAMES.map((name, row) => text(8, top(row) + 16, 13, name, { fill: INK })),
  element("path", { d: path(...wave), fill: "none", stroke: "#157a5b", "stroke-width": 1.4 }),
  ...boxes)}\n`;
};

const at = mkdtempSync(join(tmpdir(), "tagma-"));
try {
  const [trace, vcd] = [join(at, "pump.trace"), join(at, "pump.vcd")];
  await cli(["emulate", "boards/networks/pump.json", "--cycles", "1", "--trace", trace]);
  await cli(["replay", trace, "--vcd", vcd]);
  writeFileSync(process.argv[2]!, draw(vcd));
} finally {
  rmSync(at, { recursive: true });
}
