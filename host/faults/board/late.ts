import { BITS_A_BYTE } from "../../plan/plan.js";
import type { BoardKind } from "../fault.js";
import { BITS } from "../parameter.js";

export const LATE: BoardKind = {
  name: "late", on: "board", help: "its frames end this long after the deadline",
  wired: { help: "its frames end this long after its slot" }, parameter: BITS,
  sends: () => (happening, [bits = 0], again, deadline) => {
    again(happening, deadline + bits);
    return false;
  },
  responds: () => (sending, { ends }, [bits = 0]) =>
    ({ ...sending, begins: ends + bits - BITS_A_BYTE * sending.bytes.length }),
};
