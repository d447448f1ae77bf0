import type { SynchronyKind } from "../fault.js";

export const JUMP: SynchronyKind = {
  name: "jump", takes: "CYCLES", moment: true, harmless: true,
  help: "the hub's numbers of cycles go up by so many",
  jumps: ({ amount }) => amount,
};
