import { z } from "zod";
import { fields } from "../base/issue.js";

/** What a board of the network file has at its pins, or does by a script. */

/**
 * Espruino's name of a pin, which is put into bundles as it is: a letter and a number, LED1, BTN,
 * or of a few boards one of its own.
 */
export const pin = z.string().regex(
  /^(?:[A-Z]{1,4}\d{1,3}|LED|BTN|SDA|SCL|SCK|MISO|MOSI|RX|TX|NodeMCU\.[A-Z]\d{1,2})$/,
  "must be a pin, as B6 or LED1",
);
/** No board has a larger converter, or a number beyond single precision. */
const FACTOR_MAX = 1e30;

export const script = fields({ script: z.string().min(1).describe("A JavaScript expression.") });

const factor = z.number().min(-FACTOR_MAX).max(FACTOR_MAX);

export const reading = z.union([
  z.literal("wire").describe("The hub sends the reading with the beacon that opens a cycle."),
  fields({
    pin: pin.describe("Espruino's name of the pin."),
    mode: z.enum(["digital", "analog"]).optional().describe("bool is digital, numbers are analog."),
    scale: factor.optional().describe("An analog pin's 0..1 is multiplied by this."),
    offset: factor.optional().describe("Added after that."),
  }),
  script
    .describe("An expression that runs on the board; undefined, or an exception, is no reading."),
], 'must be "wire", {"pin": …} or {"script": …}');

export const order = z.union([
  fields({
    pin: pin.describe("A bool is written digitally, a number as a share of full on."),
    scale: z.number().positive().max(FACTOR_MAX).optional()
      .describe("The order that is full on, 1 unless told."),
  }),
  fields({
    script: script.shape.script,
    retract: z.string().min(1).optional()
      .describe("Where boards act tentatively, statements that take back what the script did, " +
        "with the order in `order`, its `slot`, and the order that stands instead in `before`."),
  }).describe("Statements that run on the board, with the order in `order`; where each cycle " +
    "agrees on all values, with these in `vector` and the cycle's number in `cycle`; where " +
    "boards act tentatively, `tentative` is true of what is not decided yet."),
], 'must be {"pin": …} or {"script": …}');

export const alarm = z.union([
  fields({ pin: pin.describe("Is high while any board is permanent or watched.") }),
  script.describe("A statement that runs on the board, with the states in `health`."),
], 'must be {"pin": …} or {"script": …}');
