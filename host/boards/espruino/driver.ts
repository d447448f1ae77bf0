import { BOOT } from "../../flash/boot.js";
import { QUESTION } from "./parts.js";

/**
 * What an interpreter runs in an emulation: it deals with requests that come out of a pipe, one
 * after the other, and has the board's program talk to a UART of its making. The program is what
 * Storage holds, unchanged; at the first start it is put there, as `tagma flash` would.
 *
 * The pipe is read by the script itself, and not by the interpreter's event loop, which looks for
 * input every 50 ms only: so a request takes 0.1 ms besides what is computed.
 */

/** Requests. `START`: runs the program. `TIME`: it is so late, in microseconds. */
export const START = "b";
export const TIME = "t";
/** `READING`: what the sensor shows. `BYTES`: from the line. `STATE`: wants an answer. */
export const READING = "r";
export const BYTES = "d";
export const STATE = "s";

/** Parts of answers: bytes for the line, an order that is carried out, the state, and `LAST`. */
export const SENT = "w";
export const ACT = "a";
/** What is done before it is decided, and taken back. */
export const TRIED = "y";
export const HELD = "h";

/** The file in a board's folder that its program is in before the first start. */
export const PROGRAM = "program.js";

const DRIVER = `
var hostAsk = E.openFile("ask", "r"), hostSaid = E.openFile("said", "w");
var hostTold = E.openFile("told", "r");
var hostListener, hostShown, hostText = "", hostAlarms = 0;
function hostSay(kind, text) {
  hostSaid.write(kind + ("00000" + text.length).slice(-6));
  hostSaid.write(text);
}
function hostScript(name, given) {
  hostSay("${QUESTION}", JSON.stringify([name, given]));
  return hostTold.read(parseInt(hostTold.read(7).substr(1), 10));
}
function hostPlain(value) {
  if (value === undefined) return null;
  if (value.length === undefined) return value;
  var list = [];
  for (var at = 0; at < value.length; at++) list.push(hostPlain(value[at]));
  return list;
}
var Serial1 = {
  setup: function () {}, setConsole: function () {},
  on: function (event, listener) { hostListener = listener; },
  write: function (bytes) { hostSay("${SENT}", bytes); }
};
var Serial2 = Serial1, Serial3 = Serial1, Serial4 = Serial1, Serial5 = Serial1, Serial6 = Serial1;
var USB = { setConsole: function () {} }, Bluetooth = USB;
var analogRead = function () { return 0; }, digitalRead = analogRead, getTime = analogRead;
var analogWrite = function () {}, digitalWrite = analogWrite, digitalPulse = analogWrite;
var pinMode = analogWrite;
function hostAct(order, slot) {
  hostSay("${ACT}", JSON.stringify([tagma.cycle, hostPlain(order), slot]));
}
function hostHolds() {
  var next = global.hostNext && hostNext(), signer = tagma.signer;
  return JSON.stringify({
    cycle: tagma.cycle, vector: hostPlain(tagma.vector), order: hostPlain(tagma.order),
    counts: hostPlain(tagma.counts), silences: tagma.silences || 0, due: next ? next.due : null,
    signer: signer ? { state: signer.state(), left: signer.left() } : undefined,
    health: tagma.health ? hostPlain(tagma.health) : undefined,
    signs: tagma.signs ? hostPlain(tagma.signs) : undefined, alarms: hostAlarms,
    suspects: tagma.suspects ? hostPlain(tagma.suspects) : undefined, leader: tagma.leader,
    blocked: tagma.blocked
  });
}
var hostDoes = {
  ${START}: function () { eval("" + require("Storage").read("${BOOT}")); },
  ${TIME}: function (time) { if (global.hostTick) hostTick(time); },
  ${READING}: function (json) {
    hostShown = JSON.parse(json).value;
    if (hostShown && hostShown.length !== undefined) hostShown = new Uint8Array(hostShown);
    tagma.read = function () { return hostShown; };
  },
  ${BYTES}: function (chunk) { if (hostListener) hostListener(chunk); },
  ${STATE}: function () { hostSay("${HELD}", hostHolds()); }
};
function hostServe() {
  for (var head = hostAsk.read(7); head && head.length === 7; head = hostAsk.read(7)) {
    hostText = parseInt(head.substr(1), 10);
    hostText = hostText ? hostAsk.read(hostText) : "";
    hostDoes[head[0]](hostText);
    hostText = "";
    if (head[0] === "${STATE}") hostSay("m", "" + process.memory().usage);
  }
}
`;

/** Besides that, for bundles that act tentatively. */
const TRYING = `
function hostNote(slot, order, back, put) {
  hostSay("${TRIED}", JSON.stringify([slot, hostPlain(order), back, hostPlain(put)]));
}
function hostRetract(order, slot, before) { hostNote(slot, order, true, before); }
var hostDecided = hostAct;
hostAct = function (order, slot, tentative) {
  if (tentative) hostNote(slot, order, false, order);
  else hostDecided(order, slot);
};
`;

/**
 * @param pins and timers that stand in for those of a board
 * @param provision what is run before the first start
 * @param tries whether what it runs acts tentatively
 */
export const driverFor = (
  pins: string, provision: string, tries = false,
): string => `${pins}${DRIVER}${tries ? TRYING : ""}
if (!require("Storage").read("${BOOT}")) {
  ${provision}
  require("Storage").write("${BOOT}", require("fs").readFileSync("${PROGRAM}"));
}
hostServe();
quit();
`;
