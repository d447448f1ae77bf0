import type { Code } from "../algorithms/algorithm.js";
import type { Board } from "../network/network.js";

/** What a node looks at beside the agreement, as parts of a bundle. */

export const NOTHING: Code = { imports: "", source: "" };

/** What watches the health of all boards. */
export const healthOf = ({ layout }: Board): Code => (layout.health
  ? {
    imports: 'import { createHealth } from "./core/health.js";',
    source: [
      "health: function (vector) { return createHealth(layout, vector); },",
      layout.alarm ? 'alarm: "@alarm",' : "",
    ].join("\n"),
  }
  : NOTHING);

/** What takes back what was done before it was decided. */
export const tentativeOf = ({ layout }: Board): Code => (layout.tentative
  ? { imports: "", source: 'retract: "@retract",' } : NOTHING);

/** What suspects boards that are not heard. */
export const detectorOf = ({ layout }: Board): Code => (layout.suspect
  ? {
    imports: 'import { createDetector } from "./core/detector.js";',
    source: "detector: function () { return createDetector(layout); },",
  }
  : NOTHING);
