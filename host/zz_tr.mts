import { loadNetwork } from "./network.js"; import { emulate } from "./sim/emulate.js"; import { madeUp } from "./sim/readings.js"; import { parseTraitors, parseFaults } from "./sim/troubles.js"; import { planOf } from "./plan.js";
const n = loadNetwork("boards/networks/pump.json");
console.log(JSON.stringify(planOf(n)));
const events: any[] = [];
await emulate({ network: n, cycles: 1, seed: 7, readings: madeUp(n, 7), troubles: { lines: parseFaults(n, []), traitors: parseTraitors(n, process.argv.slice(2)) }, engine: "native", link: "memory", tracer: (e) => { events.push(e); } });
for (const e of events) console.log(JSON.stringify(e, (k, v) => v instanceof Uint8Array ? Buffer.from(v).toString("hex") : v));
