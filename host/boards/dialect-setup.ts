import { parseJson } from "../base/json.js";
import type { Value } from "../base/values.js";
import type { Network } from "../network/network.js";
import { DIALECT } from "./dialect.js";
import { TRIED_KEPT } from "./tried.js";

/** @returns the globals that the pins are which a bundle names. */
export const pinsIn = (bundle: string): string =>
  [...new Set(bundle.match(/\b(?:[A-HV]\d{1,3}|(?:LED|BTN)\d?)\b/g))]
    .map((pin) => `var ${pin} = "${pin}";\n`)
    .join("");

/** @returns what a bundle finds around it on an emulated board. */
export const preludeFor = (bundle: string): string =>
  DIALECT + PRELUDE + (isBoxed(bundle) ? BOXED : "") + (usesNatives(bundle) ? SIGNED : "") +
  (waits(bundle) ? TIMED : "") + pinsIn(bundle);

/** Whether a bundle's scripts are run elsewhere. */
export const isBoxed = (bundle: string): boolean => bundle.includes("hostBoxed(");

/** Whether a bundle signs, tags or stores, and so needs `Natives`: it has keys, or files. */
export const usesNatives = (bundle: string): boolean => /atob\(|readArrayBuffer/.test(bundle);

/** Whether a bundle, or a script of the network file in it, waits for a time. */
export const waits = (bundle: string): boolean => /set(?:Timeout|Interval)\(/.test(bundle);

/**
 * Besides the prelude, for bundles that wait: Espruino's timers, in a time that goes on only when
 * the host says so. Microseconds; at one moment, what was set first comes first.
 */
export const TIMED = `
var hostTime = 0, hostTimers = [], hostTimerCount = 0;
function hostTimer(act, wait, again) {
  var timer = { id: ++hostTimerCount, act: act, wait: wait * 1000, again: again };
  timer.due = hostTime + timer.wait;
  hostTimers.push(timer);
  return timer.id;
}
function setTimeout(act, wait) { return hostTimer(act, wait, false); }
function setInterval(act, wait) { return hostTimer(act, wait, true); }
function clearTimeout(id) {
  hostTimers = hostTimers.filter(function (timer) {
    return id !== undefined && timer.id !== id;
  });
}
var clearInterval = clearTimeout;
function changeInterval(id, wait) {
  for (var at = 0; at < hostTimers.length; at++) {
    if (hostTimers[at].id !== id) continue;
    hostTimers[at].wait = wait * 1000;
    hostTimers[at].due = hostTime + wait * 1000;
    return;
  }
  throw new Error("Unknown Interval");
}
function hostNext() {
  var next;
  for (var at = 0; at < hostTimers.length; at++) {
    if (!next || hostTimers[at].due < next.due) next = hostTimers[at];
  }
  return next;
}
function hostTick(time) {
  for (var next = hostNext(); next && next.due <= +time; next = hostNext()) {
    hostTime = next.due;
    if (next.again) next.due += next.wait;
    else clearTimeout(next.id);
    next.act();
  }
  hostTime = +time;
  return String(next ? next.due : Infinity);
}
`;

/**
 * Besides that, for bundles that sign, tag or store. The host has the functions whose names begin
 * with `native`.
 */
const SIGNED = `
function require(name) {
  return name === "crypto" ? { SHA256: nativeHash } : {
    readArrayBuffer: function (file) {
      var bytes = nativeRead(file);
      return bytes.length ? bytes.buffer : undefined;
    },
    write: function (file, bytes) { nativeWrite(file, bytes); return true; }
  };
}
function atob(text) {
  var bytes = nativeDecode(text), all = "";
  for (var at = 0; at < bytes.length; at++) all += String.fromCharCode(bytes[at]);
  return all;
}
hostState = (function (plain) {
  return function () {
    var told = JSON.parse(plain()), signer = tagma.signer;
    if (signer) told.signer = { state: signer.state(), left: signer.left() };
    return JSON.stringify(told);
  };
})(hostState);
`;

/**
 * As much of Espruino as bundles and the scripts of network files use, in ES5. Bytes go in and out
 * as hexadecimal digits, which every engine can hand over.
 */
const PRELUDE = `
var global = this;
var hostListener, hostShown, hostPut, hostActs = 0, hostDecisions = [], hostDecidedIn = -1;
var hostAlarms = 0, hostTrials = 0, hostTried = [];
var E = (function () {
  var table = new Int32Array(256);
  for (var byte = 0; byte < 256; byte++) {
    var rest = byte;
    for (var bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
    table[byte] = rest;
  }
  return {
    CRC32: function (bytes) {
      var rest = -1;
      if (typeof bytes === "string") bytes = E.toUint8Array(bytes);
      for (var at = 0; at < bytes.length; at++) {
        rest = (rest >>> 8) ^ table[(rest ^ bytes[at]) & 255];
      }
      return ~rest >>> 0;
    },
    toUint8Array: function (text) {
      var bytes = new Uint8Array(text.length);
      for (var at = 0; at < text.length; at++) {
        bytes[at] = typeof text === "string" ? text.charCodeAt(at) : text[at];
      }
      return bytes;
    },
    toString: function (bytes) {
      var text = "";
      for (var at = 0; at < bytes.length; at++) text += String.fromCharCode(bytes[at]);
      return text;
    },
    getTemperature: function () { return 20; }
  };
})();
function hostSerial() {
  return {
    setup: function () {},
    setConsole: function () {},
    on: function (event, listener) { hostListener = listener; },
    write: function (bytes) {
      var hex = "", byte;
      for (var at = 0; at < bytes.length; at++) {
        byte = typeof bytes === "string" ? bytes.charCodeAt(at) : bytes[at];
        hex += (byte + 256).toString(16).slice(1);
      }
      hostWrite(hex);
    }
  };
}
var Serial1 = hostSerial(), Serial2 = Serial1, Serial3 = Serial1;
var USB = { setConsole: function () {} }, Bluetooth = USB;
function analogRead() { return 0; }
function digitalRead() { return 0; }
function analogWrite() {}
function digitalWrite() {}
function digitalPulse() {}
function pinMode() {}
function getTime() { return 0; }
function hostFeed(hex) {
  var text = "";
  for (var at = 0; at < hex.length; at += 2) {
    text += String.fromCharCode(parseInt(hex.substr(at, 2), 16));
  }
  if (hostListener) hostListener(text);
}
function hostReading(json) {
  hostShown = JSON.parse(json).value;
  if (hostShown && hostShown.length !== undefined) hostShown = new Uint8Array(hostShown);
  global.tagma.read = function () { return hostShown; };
}
function hostNote(slot, order, back) {
  hostTrials++;
  hostTried = hostTried.slice(1 - ${TRIED_KEPT});
  hostTried.push({ slot: slot, value: hostPlain(order), back: back });
}
function hostRetract(order, slot, before) {
  hostPut = before;
  hostNote(slot, order, true);
}
function hostAct(order, slot, tentative) {
  hostPut = order;
  if (tentative) { hostNote(slot, order, false); return; }
  hostActs++;
  if (slot === undefined || hostDecidedIn !== tagma.cycle) hostDecisions = [];
  hostDecidedIn = tagma.cycle;
  if (slot !== undefined) hostDecisions.push({ slot: slot, value: hostPlain(order) });
}
function hostPlain(value) {
  if (value === undefined) return null;
  if (value.length === undefined) return value;
  var list = [];
  for (var at = 0; at < value.length; at++) list.push(value[at]);
  return list;
}
function hostState() {
  var vector = [];
  for (var at = 0; at < tagma.vector.length; at++) vector.push(hostPlain(tagma.vector[at]));
  return JSON.stringify({ cycle: tagma.cycle, vector: vector,
    order: hostPlain(tagma.order), acts: hostActs, decisions: hostDecisions,
    counts: hostPlain(tagma.counts), output: hostPlain(hostPut), silences: tagma.silences || 0,
    health: hostPlain(tagma.health) || undefined, signs: hostPlain(tagma.signs) || undefined,
    suspects: hostPlain(tagma.suspects) || undefined, leader: tagma.leader, alarms: hostAlarms,
    blocked: tagma.blocked, trials: hostTrials, tried: hostTried
  });
}
`;

/** Besides the prelude, for bundles whose scripts are run elsewhere. */
export const BOXED = `
function hostGiven(value) {
  if (value === undefined) return null;
  if (value.BYTES_PER_ELEMENT) return { bytes: hostPlain(value) };
  return value.length === undefined ? value : { list: value.map(hostGiven) };
}
function hostBoxed(name) {
  var given = [];
  for (var at = 1; at < arguments.length; at++) given.push(hostGiven(arguments[at]));
  var value = JSON.parse(hostScript(name, JSON.stringify(given))).value;
  return value && value.bytes ? value.bytes : value;
}
`;

export const HEX = {
  show: (bytes: Uint8Array): string =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex"),
  parse: (hex: string): Uint8Array => Buffer.from(hex, "hex"),
};

/** A board's function that carries out an order, which also tells the host that it was called. */
export const countedAct = (act: string, tentative = false): string => {
  const given = tentative ? "order,slot,tentative" : "order,slot";
  return `function(${given}){hostAct(${given});(${act})(${given})}`;
};

/** The same of a board's function that takes an order back. */
export const countedRetract = (retract: string): string =>
  `function(order,slot,before){hostRetract(order,slot,before);(${retract})(order,slot,before)}`;

/** The same of a board's function that is told of its health. */
export const countedAlarm = (alarm: string): string =>
  `function(health){hostAlarms++;(${alarm})(health)}`;

/** A reading as `hostReading` takes it. */
export const valueSource = (value: Value | undefined): string =>
  JSON.stringify({ value: value instanceof Uint8Array ? [...value] : value });

export interface PlainState {
  readonly cycle: number;
  readonly vector: (number | boolean | number[] | null)[];
  readonly order: number | boolean | number[];
  readonly acts: number;
  readonly decisions: { slot: number; value: number | boolean | number[] }[];
  readonly counts: number[];
  readonly output: number | boolean | number[] | null;
  readonly silences: number;
  readonly signer?: { readonly state: number; readonly left: number };
  readonly health?: number[];
  readonly signs?: number[];
  readonly suspects?: number[];
  readonly leader?: number;
  readonly blocked?: number;
  readonly alarms: number;
  readonly trials: number;
  readonly tried: {
    readonly slot: number; readonly value: number | boolean | number[]; readonly back: boolean;
  }[];
}

/** A value as JSON has it. */
export type Plain = number | boolean | number[] | null;

export const valueOf = (plain: Plain): Value | undefined => {
  if (plain === null) return undefined;
  return Array.isArray(plain) ? Uint8Array.from(plain) : plain;
};

/** @returns what `hostState` told. */
export const stateOf = (network: Network, json: string) => {
  const {
    cycle, vector, order, acts, counts, decisions, output, silences, signer, health, signs, alarms,
    suspects, leader, blocked, trials, tried,
  } = parseJson(json) as PlainState;
  return {
    cycle, vector: vector.map(valueOf), order: valueOf(order) ?? network.fallback,
    // What a silence brought about is no cycle's order.
    acts: acts - silences, counts, output: valueOf(output), silences, signer,
    health, signs, alarms, suspects, leader, blocked,
    decisions: decisions.map(({ slot, value }) => ({ slot, value: valueOf(value)! })),
    trials, tried: tried.map((one) => ({ ...one, value: valueOf(one.value)! })),
  };
};
