import type { SynchronyKind } from "../fault.js";

export const RESET: SynchronyKind = {
  name: "reset", takes: "BOARD", moment: true, harmless: true, resets: true,
  help: "it loses power for a moment, and is faulty in that cycle",
};
