import { smallBundle } from "./bundle.js";
const S=(n:number,h:number,w:number)=>({lms:`LMS_SHA256_M${n}_H${h}`,ots:`LMOTS_SHA256_N${n}_W${w}`});
const entry = 'import { createSigner } from "./auth/signer.js";\nglobal.f = function(arena, view, parts) { return createSigner(limits, arena, view, parts); };';
for (const trees of [[S(24,5,4)],[S(24,10,4)],[S(32,15,8)],[S(24,10,4),S(24,5,4)],[S(24,10,4),S(24,5,8)]]) {
  for (const native of [true,false]) {
    const code = await smallBundle({boards:3,trees,messageBytes:10,firstCycle:0,reserve:32}, entry, native);
    console.log(trees.map(t=>t.ots+t.lms).join("+"), native, code.length);
    if (trees.length===1 && trees[0]!.lms.endsWith("10") && native || process.argv[2]) console.log(code);
  }
}
