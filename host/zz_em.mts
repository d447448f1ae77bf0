import { loadNetwork } from "/work/main/host/network.js"; import { emulate } from "/work/main/host/sim/emulate.js"; import { madeUp } from "/work/main/host/sim/readings.js"; import { parseTraitors, parseFaults } from "/work/main/host/sim/troubles.js";
import { sha256 } from "@noble/hashes/sha2.js"; 
const n = loadNetwork(process.argv[2]!);
const [,, , engine, link, cycles, tr, f] = process.argv;
const t0 = performance.now();
const traitors = parseTraitors(n, tr ? tr.split(",") : []);
const lines = parseFaults(n, f ? [f] : []);
const events: any[] = [];
const s = await emulate({ network: n, cycles: +cycles!, seed: 7, readings: madeUp(n, 7), troubles: { lines, traitors }, engine: engine as any, link: link as any, ...(+cycles! < 50 ? { tracer: (e: any) => { events.push(e); }, onCycle: (c: any) => { console.log(JSON.stringify(c)); } } : {}) });
console.log(JSON.stringify(s)); console.log((+cycles!/((performance.now()-t0)/1000)).toFixed(0), "cycles/s");
if (events.length) { const h = sha256.create(); for (const e of events) h.update(new TextEncoder().encode(JSON.stringify(e, (k, v) => v instanceof Uint8Array ? Buffer.from(v).toString("hex") : v))); console.log("digest", Buffer.from(h.digest()).toString("hex").slice(0, 16), events.length); }
