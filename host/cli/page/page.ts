import { messageOf } from "../../base/error.js";
import { flash, restart } from "../../flash/flash.js";
import type { Order } from "../../flash/flash.js";
import { flashedText } from "../../flash/said.js";
import { hold } from "../../flash/talk.js";
import type { Port, Progress } from "../../flash/talk.js";
import { openWebPort } from "../../flash/web-serial.js";
import type { WebPort } from "../../flash/web-serial.js";

/**
 * What the page that `tagma flash --page` writes does in a browser: the transfer of `tagma flash`,
 * over Web Serial.
 */

/** What the page is made with. */
export interface PageData {
  readonly network: string;
  readonly baud: number;
  readonly orders: readonly Order[];
}

interface Part {
  textContent: string | null;
  value: string | number;
  disabled: boolean;
  hidden: boolean;
  readonly checked: boolean;
  append(...parts: readonly Part[]): void;
  addEventListener(event: "click", act: () => void): void;
}

declare const document: {
  getElementById(id: string): Part;
  createElement(tag: string): Part;
};
declare const navigator: { readonly serial?: { requestPort(): Promise<WebPort> } };
declare const performance: { now(): number };
declare const TAGMA: PageData;

const RESTARTING = 2000;
const NO_SERIAL = "this browser has no Web Serial: Chrome, Edge and Opera on a computer have";

class Stopped extends Error {}

const [board, replace, start, stop, bar, said] =
  ["board", "replace", "flash", "stop", "bar", "said"].map((id) =>
    document.getElementById(id)) as [Part, Part, Part, Part, Part, Part];
let stopped = false;

const say = (text: string) => {
  said.textContent = text;
};

const told = (order: Order) => ({ stage, done }: Progress) => {
  const way = stage === "write" ? 0 : stage === "compare" ? 0.5 : undefined;
  if (way !== undefined) bar.value = way + done / (2 * order.text.length);
  say(`${order.board}: ${stage}`);
};

const check = () => {
  if (stopped) throw new Stopped();
};

const transfer = async (order: Order, port: Port) => {
  const now = () => performance.now();
  const began = now();
  try {
    const done = await hold(flash(order), port, { now, told: told(order), check });
    bar.value = 1;
    say(flashedText(order.board, "the port", done, (now() - began) / 1000));
  } catch (thrown) {
    if (!(thrown instanceof Stopped)) throw thrown;
    say(`${order.board}: stopped: the board boots what it booted before, or is unfinished; the ` +
      "same again mends it");
    // Should the board not answer, it does so by itself within a minute.
    await hold(restart(RESTARTING), port, { now }).catch(() => undefined);
  }
};

const run = async () => {
  const order = TAGMA.orders.find((one) => one.board === board.value)!;
  let port: Port | undefined;
  stopped = false;
  start.disabled = true;
  stop.disabled = false;
  bar.value = 0;
  try {
    port = await openWebPort(await navigator.serial!.requestPort(), TAGMA.baud);
    await transfer({ ...order, replace: replace.checked }, port);
  } catch (thrown) {
    say(`${order.board}: ${messageOf(thrown)}`);
  } finally {
    await port?.close();
    start.disabled = false;
    stop.disabled = true;
  }
};

for (const order of TAGMA.orders) {
  const option = document.createElement("option");
  option.textContent = order.board;
  option.value = order.board;
  board.append(option);
}
if (navigator.serial) {
  start.disabled = false;
  start.addEventListener("click", () => {
    void run();
  });
  stop.addEventListener("click", () => {
    stopped = true;
  });
} else say(NO_SERIAL);
