import { PERMANENT, WATCHED } from "../../firmware/core/health.js";
import type { Board, BoardFile, Network } from "../network/network.js";
import { deliveredSource, isDelivered } from "./delivered.js";

/** What a bundle does with an order, as functions of its own. */

/**
 * @param boxed whether its script is the sandbox's to run, see `bundle`
 * @returns the function that carries out an order on a board
 */
export const actOf = (network: Network, board: Board, boxed = false): string => {
  const { type } = network;
  const { file: { order }, layout } = board;
  if (!order) return "function(){}";
  if ("script" in order) {
    const slots = layout.tentative ? "order,slot,tentative" : "order,slot";
    const given = layout.ballots ? slots : "order";
    // HEALTH.8: what runs on a board finds it where people do.
    const health = layout.health ? "tagma.health" : "";
    const vector = isDelivered(board) ? deliveredSource(network) : "";
    if (boxed) {
      const more = health || vector
        ? [...(layout.ballots ? [] : ["undefined"]), health || "undefined"] : [];
      const all = layout.tentative ? ["order,slot", health || "undefined", "tentative"]
        : [given, ...more, ...(vector ? ["vector", "cycle"] : [])];
      return `function(${given}){${vector}hostBoxed("act",${all.join()})}`;
    }
    const variable = (health && `var health=${health};`) + vector;
    return `function(${given}){try{${variable}${order.script}\n}catch(e){}}`;
  }
  const share = order.scale === undefined ? "order" : `order/${order.scale}`;
  return type.name === "bool"
    ? `function(order){digitalWrite(${order.pin},order)}`
    : `function(order){analogWrite(${order.pin},${share})}`;
};

/** @returns the function that takes an order back, and puts what was before in its place */
export const retractOf = (
  { type }: Network, { file: { order } }: Board, boxed = false,
): string => {
  if (!order) return "function(){}";
  if ("script" in order) {
    return boxed ? 'function(order,slot,before){hostBoxed("retract",order,slot,before)}'
      : `function(order,slot,before){try{${order.retract ?? ""}\n}catch(e){}}`;
  }
  const share = order.scale === undefined ? "before" : `before/${order.scale}`;
  return type.name === "bool"
    ? `function(order,slot,before){digitalWrite(${order.pin},before)}`
    : `function(order,slot,before){analogWrite(${order.pin},${share})}`;
};

/** @returns the function that is called when the health of a board is another */
export const alarmOf = ({ alarm }: BoardFile, boxed: boolean): string => {
  if (alarm && "pin" in alarm) {
    return `function(health){for(var high=0,at=0;at<health.length;at++)if(health[at]===${
      PERMANENT}||health[at]===${WATCHED})high=1;digitalWrite(${alarm.pin},high)}`;
  }
  return boxed ? 'function(health){hostBoxed("alarm",health)}'
    : `function(health){try{${alarm?.script ?? ""}\n}catch(e){}}`;
};
