import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { readFileSync } from "node:fs";
import { build, transform } from "esbuild";
import type { Plugin } from "esbuild";
import { minify } from "terser";
import { TILE_HEIGHT } from "../../firmware/auth/lms/sets.js";
import { NETWORK_BYTES } from "../../firmware/auth/lms/signing.js";
import type { Code } from "../algorithms/algorithm.js";
import { carrierOf } from "../algorithms/registry.js";
import type { Value } from "../base/values.js";
import { madeUpKeys, ownKeys } from "../keys/keys.js";
import type { OwnKeys } from "../keys/keys.js";
import { madeUpMacKeys } from "../keys/mac.js";
import type { MacKeys } from "../keys/mac.js";
import type { Board, Network, Optimize } from "../network/network.js";
import { BITS_A_BYTE, fitOf } from "../plan/plan.js";
import { settingsOf } from "../plan/settings.js";
import { chooseSource } from "../scripts/scripts.js";
import type { Sources } from "../scripts/scripts.js";
import { actOf, alarmOf, retractOf } from "./acts.js";
import { NOTHING, detectorOf, healthOf, tentativeOf } from "./beside.js";
import { checkFirmware, checkWhole } from "./check.js";
import { MANGLED } from "./compact/mangled.js";
import { ended } from "./compact/ended.js";
import { globalsOf, small, specialise } from "./compact/small.js";
import { isDelivered } from "./delivered.js";
import { madeOnce } from "./kept.js";
import { residuesOf } from "./residues.js";

/**
 * Network and board -> one file of ES5 that starts by itself. The numbers of `layoutOf()` are
 * written into the code in place of `layout.x`, so that whatever this network does not need
 * folds away (docs/boards.md).
 */

/** The firmware as ES5 modules: beside `host` in the package, in `dist` beside the sources. */
const modules = (() => {
  const here = dirname(fileURLToPath(import.meta.url));
  return here.includes(`${sep}dist${sep}`) ? join(here, "../../es5") : join(here, "../../dist/es5");
})();

/** Stands for `require` until all is linked. */
const REQUIRE = "TAGMA_REQUIRE";

const literal = (value: Value): string =>
  value instanceof Uint8Array ? `new Uint8Array([${[...value].join(",")}])` : JSON.stringify(value);

/** What else the network file describes that runs on the board around the agreement. */
const functionsOf = (
  network: Network, { file }: Board, boxed: boolean,
): Record<string, string> => {
  const { decision } = network.file;
  const { reading } = file;
  const { enable } = file;
  const bool = network.type.name === "bool";
  const functions: Record<string, string> = { read: "function(){}" };
  if (typeof reading === "object" && "script" in reading) {
    functions["read"] = boxed ? 'function(){return hostBoxed("read")}'
      : `function(){return(${reading.script}\n)}`;
  } else if (typeof reading === "object") {
    const { pin, mode = bool ? "digital" : "analog", scale = 1, offset = 0 } = reading;
    const factor = scale === 1 ? "" : `*${scale}`;
    const term = offset ? `+${offset}` : "";
    const raw = mode === "analog" ? `analogRead(${pin})${factor}${term}` : `digitalRead(${pin})`;
    const typed = bool ? `!!${raw}` : network.type.whole ? `Math.round(${raw})` : raw;
    functions["read"] = `function(){return ${typed}}`;
  }
  if (enable !== undefined) {
    // A hardware timer ends the pulse, whatever the interpreter does meanwhile. Milliseconds.
    const { baud } = network.file;
    const release = network.wiring!.releaseUs / 1000;
    const byte = Math.ceil((BITS_A_BYTE * 1e9) / baud) / 1e6;
    functions["enable"] =
      `function(bytes){digitalPulse(${enable},1,bytes*${byte}+${release})}`;
  }
  if (typeof decision === "object") {
    functions["choose"] = boxed
      ? 'function(vector,fallback){return hostBoxed("choose",vector,fallback)}'
      : chooseSource(decision.script);
  }
  return functions;
};

/** @returns the scripts of the network file that run on a board, as its bundle has them */
export const sourcesOf = (network: Network, board: Board): Sources => {
  const { reading, order, alarm } = board.file;
  const { read, choose } = functionsOf(network, board, false);
  return {
    ...(choose === undefined ? {} : { choose }),
    ...(typeof reading === "object" && "script" in reading ? { read: read! } : {}),
    // What it throws is told of.
    ...(order && "script" in order
      ? { act: `function(order,slot,health${isDelivered(board) ? ",vector,cycle" : ""}${
        board.layout.tentative ? ",tentative" : ""}){${order.script}\n}` } : {}),
    ...(order && "script" in order && order.retract !== undefined
      ? { retract: `function(order,slot,before){${order.retract}\n}` } : {}),
    ...(alarm && "script" in alarm ? { alarm: `function(health){${alarm.script}\n}` } : {}),
  };
};

const chooseOf = ({ file, type, shape }: Network): Code => {
  const { decision } = file;
  if (typeof decision === "object") return { imports: "", source: '"@choose"' };
  if (decision === "median") return { imports: "median", source: "median" };
  if (decision === "midpoint") {
    return { imports: "midpoint", source: `midpoint(${shape.traitors},${type.whole})` };
  }
  if (decision === "unanimous") return { imports: decision, source: decision };
  const name = type.name === "bytes" ? "majorityOfBytes" : "majority";
  return { imports: name, source: name };
};

/** The signer of signed messages. Keys and seed are needed while it is made, and then no more. */
const signerOf = (
  { signing: network }: Network, { signing }: Board, { keys, seed }: OwnKeys,
): Code => {
  const { hashBytes, keyBytes, boards, heights } = signing!;
  const own = Buffer.concat([network!.network, ...keys, seed]).toString("base64");
  const seedAt = NETWORK_BYTES + boards * keyBytes;
  const high = heights[0]! > TILE_HEIGHT;
  return {
    imports: [
      'import { createSigning } from "./auth/lms/signing.js";',
      `import { ${high ? "crownOf, guardedSlots" : "slots"} } from "./auth/lms/storage.js";`,
    ].join("\n"),
    source: [
      "signer: function (buffer, counts) {",
      `  var own = E.toUint8Array(atob("${own}"));`,
      "  return createSigning(layout, buffer, counts, {",
      `    network: own.subarray(0, ${NETWORK_BYTES}),`,
      `    keys: own.subarray(${NETWORK_BYTES}, ${seedAt}), seed: own.subarray(${seedAt}),`,
      high ? `    crown: crownOf(${hashBytes}), slots: guardedSlots,` : "    slots: slots,",
      "  });",
      "},",
    ].join("\n"),
  };
};

/** What tags frames, if anything does. */
const macOf = (
  { name }: Network, keys: MacKeys | undefined,
): Code => {
  if (!keys) return NOTHING;
  const own = Buffer.concat([name, ...keys]).toString("base64");
  return {
    imports: 'import { createMac } from "./auth/mac/mac.js";',
    source: [
      "mac: function (arena, view, counts) {",
      `  var own = E.toUint8Array(atob("${own}"));`,
      "  return createMac(layout, arena, view, counts, {",
      `    network: own.subarray(0, ${NETWORK_BYTES}), keys: own.subarray(${NETWORK_BYTES}),`,
      "  });",
      "},",
    ].join("\n"),
  };
};

/** Where a board of ballots writes down what it promises. */
const placesOf = ({ layout }: Board): Code => (layout.ballots
  ? {
    imports: 'import { slots as places } from "./auth/lms/storage.js";', source: "places: places,",
  }
  : NOTHING);

/** The module that a bundle is made from. Strings that begin with @ are put in place at the end. */
const entryOf = (
  network: Network, board: Board, keys: OwnKeys | undefined, links: MacKeys | undefined,
): string => {
  const { type, shape, fallback } = network;
  const { kind } = board;
  const choose = chooseOf(network);
  const agreement = carrierOf(network, board.layout).code(board.layout);
  const protocol = board.layout.learner ? undefined : network.ballots?.code;
  const signer = keys ? signerOf(network, board, keys) : NOTHING;
  const mac = macOf(network, links);
  const places = placesOf(board);
  const health = healthOf(board);
  const detector = detectorOf(board);
  return [
    'import { start } from "./main.js";',
    `import { ${type.imports} } from "./base/values.js";`,
    choose.imports ? `import { ${choose.imports} } from "./choice/choice.js";` : "",
    agreement.imports,
    protocol?.imports ?? "",
    signer.imports,
    mac.imports,
    places.imports,
    health.imports,
    detector.imports,
    kind.console_away === undefined ? "" : `${kind.console_away};`,
    board.file.enable === undefined ? "" : `digitalWrite(${board.file.enable}, 0);`,
    "start(layout, {",
    `  agree: ${agreement.source},`,
    protocol ? `  protocol: ${protocol.source},` : "",
    signer.source,
    mac.source,
    places.source,
    health.source,
    detector.source,
    tentativeOf(board).source,
    board.file.enable === undefined ? "" : '  enable: "@enable",',
    `  type: ${type.source}${
      type.name === "bytes" ? `${shape.boards + Number(board.layout.tentative)})` : ""},`,
    `  choose: ${choose.source}, fallback: ${literal(fallback)},`,
    `}, ${board.port}, ${network.file.baud}, "@pins", "@read", "@act");`,
  ].join("\n");
};

/** Pins are globals on a board, and a path is a string. */
const pinsOf = ({ pins }: Board): string => {
  const options = Object.entries(pins).map(
    ([name, value]) => `${name}:${name === "path" ? JSON.stringify(value) : value}`,
  );
  return `{${options.join(",")}}`;
};

/** What `layout.x` is. */
const numbersOf = (network: Network, { layout, signing }: Board, writes: boolean) => ({
  ...layout, ...signing, silence: network.file.silence_ms ?? 0,
  // The last of the routes' offsets is only their number, which nothing needs that has them.
  routeAt: layout.routeAt.slice(0, writes ? -1 : undefined),
  residues: layout.word < 2 ? residuesOf(layout) : {},
});

const plugin = (
  network: Network, board: Board, keys: OwnKeys | undefined, links: MacKeys | undefined,
): Plugin => ({
  name: "board",
  setup(hooks) {
    hooks.onResolve({ filter: /^board$/ }, () => ({ path: join(modules, "board.js") }));
    if (board.layout.word < 2) {
      hooks.onResolve({ filter: /\/(host|move|row|same)\.js$/ }, () =>
        ({ path: join(modules, "platform/short.js") }));
      hooks.onResolve({ filter: /\/bytes\.js$/ }, () =>
        ({ path: join(modules, "frame/text.js") }));
    }
    hooks.onResolve({ filter: /\/(host|move|row)\.js$/ }, () =>
      ({ path: join(modules, "platform/espruino.js") }));
    hooks.onResolve({ filter: /\/frame-host\.js$/ }, () => ({
      path: join(modules, board.layout.word < 2 ? "frame/text.js" : "frame/frame.js"),
    }));
    hooks.onResolve({ filter: /\/lms-host\.js$/ }, () =>
      ({ path: join(modules, "auth/lms/lms.js") }));
    hooks.onResolve({ filter: /\/hash-host\.js$/ }, () => ({
      path: join(modules, "platform", board.kind.native.sha256 ? "hash-espruino.js" : "hash.js"),
    }));
    hooks.onLoad({ filter: /\.js$/ }, ({ path }) => {
      const source = path === join(modules, "board.js")
        ? entryOf(network, board, keys, links)
        : readFileSync(path, "utf8");
      const writes = !source.includes("list[next++]");
      const contents = specialise(source, numbersOf(network, board, writes));
      // The vector has an entry a board.
      const { boards } = board.layout;
      return { contents: contents.replaceAll(/\bvector\.length\b/g, String(boards)) };
    });
  },
});

/** @returns a function in as few characters of ES5 as can be */
const minifyFunction = async (text: string): Promise<string> => {
  // What is newer than ES5 in a script is put into its words.
  const lowered = await transform(`(${text})`, { target: "es5", logLevel: "silent" });
  const { code = "" } = await minify(lowered.code, {
    ecma: 5, format: { ecma: 5 },
    compress: { directives: false, negate_iife: false, side_effects: false },
  });
  const whole = code.replace(/;$/, "").replace(/^\((.*)\)$/s, "$1");
  return ended(`(${whole})`).slice(1, -1);
};

/** What a bundle is made of, whatever it is made for. */
interface Linked {
  /** The firmware for one board, as one script. */
  readonly firmware: string;
  /** What is put in by the network file, by its place. */
  readonly parts: ReadonlyMap<string, string>;
}

interface Made {
  readonly keys: OwnKeys | undefined;
  readonly links: MacKeys | undefined;
  readonly act: string;
  readonly boxed: boolean;
  readonly alarm: string;
  readonly retract: string;
}

const link = async (
  network: Network, board: Board, { keys, links, act, boxed, alarm, retract }: Made,
): Promise<Linked> => {
  const own = network.signing && (keys ?? ownKeys(madeUpKeys(network.signing), board.number));
  const shared = board.layout.tag
    ? links ?? madeUpMacKeys(network.boards.length)[board.number]
    : undefined;
  const { outputFiles } = await build({
    entryPoints: ["board"], bundle: true, write: false, target: "es5", format: "iife",
    minifySyntax: true, logLevel: "silent", absWorkingDir: modules,
    plugins: [plugin(network, board, own, shared)],
    // Else a shim is added for other places where there may be none.
    define: { require: REQUIRE },
  });
  const parts = new Map([["pins", pinsOf(board)]]);
  for (const [name, source] of Object.entries({ ...functionsOf(network, board, boxed), act,
    ...(board.layout.alarm ? { alarm } : {}),
    ...(board.layout.tentative ? { retract } : {}) })) {
    parts.set(name, await minifyFunction(source));
  }
  return { firmware: outputFiles[0]!.text, parts };
};

const finish = async (
  network: Network, board: Board, { firmware, parts }: Linked, optimize: Optimize,
): Promise<string> => {
  // What is put in is the user's: no variable of the firmware may have the name of a global there.
  const reserved = [...parts.values()].flatMap((part) => globalsOf(`(${part})`));
  let text = await madeOnce([firmware, reserved, optimize], async () =>
    small(firmware.replaceAll("QUICK", String(optimize !== "size")), MANGLED, reserved, optimize));
  text = text.replaceAll(REQUIRE, "require");
  checkFirmware(network, board, text);
  // In one go: what is put in is not looked at again, whatever a script has in it.
  const places: string[] = [];
  text = text.replaceAll(/([{};)]|\w+)?"@([a-z]+)"/g, (...[, before = "", name]: string[]) => {
    places.push(name!);
    // Where a statement begins, a function expression may not; a word needs a space.
    const begins = before !== "" && /^(?:[{};)]|else)$/.test(before);
    const apart = before === "else" ? " !" : begins ? "!" : /\w$/.test(before) ? " " : "";
    return before + apart + parts.get(name!)!;
  });
  if (places.toSorted().join() !== [...parts.keys()].toSorted().join()) {
    throw new Error(`a bundle has places for ${places.join(", ")}`);
  }
  checkWhole(board, text, parts);
  return text;
};

/**
 * @param keys of a board of a signed network, whose secret the bundle then holds; made up, for
 *   emulations, unless told
 * @param links where frames are tagged, the board's keys, which the bundle then holds; made up, for
 *   emulations, unless told
 * @param act the function that carries out an order, what the network file describes unless told
 * @param alarm the same of the one that is told of the health of all
 * @param retract the same of the one that takes an order back
 * @param boxed whether a computer runs it: in place of the network file's scripts, which are not to
 *   be run beside anything of it, there are calls of `hostBoxed`
 * @returns the text of the bundle for one board
 */
export const bundle = async (
  network: Network, board: Board, keys?: OwnKeys, links?: MacKeys,
  act = actOf(network, board), boxed = false, alarm = alarmOf(board.file, boxed),
  retract = retractOf(network, board, boxed),
): Promise<string> => {
  const linked = await link(network, board, { keys, links, act, boxed, alarm, retract });
  let text = "";
  for (const each of settingsOf(network, board)) {
    text = await finish(network, board, linked, each);
    if (fitOf(network, board, Buffer.byteLength(text)).fits) break;
  }
  return text;
};

/** @returns the text of the bundle for one board, made for each of some settings */
export const bundlesOf = async (
  network: Network, board: Board, settings: readonly Optimize[], keys?: OwnKeys,
): Promise<Map<Optimize, string>> => {
  const act = actOf(network, board);
  const alarm = alarmOf(board.file, false);
  const retract = retractOf(network, board, false);
  const linked =
    await link(network, board, { keys, links: undefined, act, boxed: false, alarm, retract });
  const texts = new Map<Optimize, string>();
  for (const each of settings) texts.set(each, await finish(network, board, linked, each));
  return texts;
};
