import type { BoardKind } from "../fault.js";

export const SILENT: BoardKind = {
  name: "silent", on: "board", help: "says nothing at all",
  sends: () => (happening) => {
    happening.fate = "lost";
    return false;
  },
  responds: () => () => undefined,
};
