/**
 * What is asked of an interpreter: each builtin, method and operator that bundles use, at its edges
 * and beyond them. A question is an expression of ES5; `u` is a list of the bytes 1 to 8, `w` the
 * same as a list of words, `v` a view of the same bytes as `u`, and `o` a view of `u` from 2 to 6.
 */

/** What stands for "nothing sensible" in the place of an argument. */
const ODD = [
  "undefined", "null", "NaN", "-1", "-0", "0", "1.9", "3", "7", "8", "9", "1e9", "Infinity",
  "-Infinity", '"2"', "true",
];

/** Numbers at the edges of what 8, 16, 31, 32, 53 bits hold. */
const NUMBERS = [
  "0", "-0", "1", "-1", "0.5", "-0.5", "1.5", "2.5", "-1.5", "127", "128", "-128", "-129", "255",
  "256", "32768", "65535", "65536", "2147483647", "2147483648", "-2147483648", "-2147483649",
  "4294967295", "4294967296", "4294967301", "NaN", "Infinity", "-Infinity", "undefined", "null",
  "true", '"12"', '"x"', "1e10", "-1e10", "9007199254740991", "1e20",
];

const BINARY = ["<<", ">>", ">>>", "&", "|", "^"];
const OTHERS = [
  "+", "-", "*", "/", "%", "<", "<=", ">", ">=", "==", "!=", "===", "!==", "&&", "||",
];
const BITS = [
  "0", "1", "-1", "1.5", "-1.5", "255", "2147483647", "2147483648", "-2147483648", "-2147483649",
  "4294967295", "4294967296", "4294967301", "NaN", "Infinity", "undefined", "true", "1e10", "1e20",
];
const SHIFTS = ["0", "1", "7", "8", "16", "24", "31", "32", "33", "-1", "undefined"];
const SOME = ["0", "-0", "1", "-3", "2.5", "NaN", "undefined", "true", "4294967296"];

const calls = (receiver: string, method: string, lists: readonly (readonly string[])[]) =>
  lists.map((list) => `${receiver}.${method}(${list.join(",")})`);

const pairs = (firsts: readonly string[], seconds: readonly string[]): string[][] =>
  firsts.flatMap((first) => seconds.map((second) => [first, second]));

const ones = (list: readonly string[]): string[][] => list.map((each) => [each]);

/** An expression that does something to `u`, and then shows `u`. */
const after = (acts: readonly string[]): string[] => acts.map((act) => `[${act},u][1]`);

const ENDS = ["-9", "-1", "0", "3", "8", "9", "13", "undefined"];

const SUBARRAYS = [
  ...calls("u", "subarray", [[], ...ones(ODD), ...pairs(ENDS, ENDS), ["1.9", "3.9"]]),
  ...calls("o", "subarray", [[], ["1"], ["4"], ["5"], ["0", "4"], ["2", "5"], ["2", "20"]]),
  ...calls("w", "subarray", [["1", "3"], ["3", "12"], ["8", "9"]]),
  "u.subarray(3,13).length", "u.subarray(3,13)[9]", "u.subarray(3,13)[10]",
  "u.subarray(0,4).subarray(1,6)", "new Uint8Array(0).subarray(0,2)",
  ...after(["u.subarray(2,4)[0]=9", "u.subarray(2,4)[2]=9", "o[0]=9", "o[4]=9", "u[8]=9",
    "u[-1]=9", "u[1]=300", "u[1]=-1", "u[1]=2.9", "u[1]=NaN", 'u[1]="7"', "u[1]=true"]),
  "[u[1.5]=9,u][1].length", "u[8]", "u[-1]", "u[1.5]", 'u["2"]', "u[undefined]", "u[NaN]",
];

const SETS = [
  ...after([
    ...calls("u", "set", [["[]"], ["[9]"], ["[9,300,-1,2.5,NaN]"], ["u"], ["new Uint8Array(0)"]]),
    ...calls("u", "set", pairs(["[11,12,13]", "new Uint8Array([11,12,13])"],
      ["0", "1", "5", "6", "7", "8", "9", "undefined", "NaN", "1.9"])),
    ...calls("u", "set", [["u.subarray(0,5)", "1"], ["u.subarray(2,8)", "0"],
      ["u.subarray(1,4)", "3"], ["u.subarray(3,6)", "1"], ["u.subarray(4,4)", "2"],
      ["u.subarray(4,8)", "6"], ["u.subarray(6,10)", "0"], ["u", "3"], ["o", "0"], ["o", "4"],
      ["o", "3"], ["new Uint8Array([11,12]).buffer", "0"]]),
    ...calls("o", "set", [["[11,12,13]", "2"], ["[11]", "4"], ["[11,12]", "3"], ["u", "0"]]),
  ]),
  "u.set([1])", '[w.set("A\\0\\xff",2),w][1]', '[w.set("7",0),w][1]', '[w.set("ABC",6),w][1]',
  '[w.set("",1),w][1]', '[w.set("ABC",9),w][1]', '[u.set("5a",1),u][1]',
  "[w.set(u.subarray(0,3),1),w][1]", "[w.set([70000,-1,1.5],6),w][1]",
];

const FILLS = [
  ...after([
    ...calls("u", "fill", [["9"], ...pairs(["9"], ODD), ["300", "1"], ["-1", "1"], ["2.9", "1"]]),
    ...calls("u", "fill", pairs(ENDS, ENDS).map((each) => ["9", ...each])),
    ...calls("o", "fill", [["9"], ["9", "1", "3"], ["9", "2", "9"]]),
  ]),
  "u.fill(9,1,2)===u", "[u.subarray(2,4).fill(9),u][1]", "[u.subarray(4,4).fill(9),u][1]",
  "[new Uint8Array(u.buffer,2,3).fill(300),u][1]",
];

const INDEXES = [
  ...calls("u", "indexOf", [...ones(["1", "8", "9", "0", "1.5", "NaN", "undefined", '"3"']),
    ...pairs(["3", "8"], ODD), ...pairs(["3"], ["-6", "-8", "-9", "2", "2.9"])]),
  ...calls("o", "indexOf", [["3"], ["6"], ["7"], ["3", "1"], ["6", "3"], ["6", "4"], ["6", "9"]]),
  "w.indexOf(300)", "w.indexOf(70000)", "u.subarray(6,12).indexOf(0)", "[4,5,6].indexOf(5)",
  "[4,5,6].indexOf(5,2)", "[4,5,6].indexOf(5,9)",
];

/** What frames are searched in: characters as they come from a line. */
const TEXT = '"\\0\\1a\\xff\\0b"';
const CUTS = ["-7", "-1", "0", "2", "6", "9"];
const TEXTS = [
  ...calls(TEXT, "slice", [...ones(CUTS), ...pairs(CUTS, CUTS)]),
  ...calls(TEXT, "indexOf", ones(['"\\0"', '"\\xff"', '"b"', '"c"', '"\\0b"'])),
  ...calls(TEXT, "indexOf", pairs(['"\\0"', '"\\xff"', '"c"'], CUTS)),
  ...calls(TEXT, "lastIndexOf", ones(['"\\0"', '"\\1"', '"\\xff"', '"b"', '"c"'])),
  '"".lastIndexOf("b")', '"".indexOf("\\0")', '"".slice(0)', '"".length', `${TEXT}.length`,
  `${TEXT}[3]===String.fromCharCode(255)`,
  ...["0", "1", "2", "3", "4", "5"].map((at) => `${TEXT}.charCodeAt(${at})`),
  '"\\0".charCodeAt(0)', '"\x7f".charCodeAt(0)', '"\x80".charCodeAt(0)', '"\xff".charCodeAt(0)',
  // What is held apart from what it belongs to.
  '(0,E.CRC32)("abc")', "(0,E.CRC32)(u.subarray(2,5))", "(0,E.toString)(u.subarray(2,4)).length",
  "(0,String.fromCharCode)(65)", "E.toUint8Array((0,String.fromCharCode)(255))[0]",
  "[u.set.bind(u)([9,8],1),u][1]", '[u.set.bind(u)("A",7),u][1]', "u.subarray.bind(u)(2,4)",
  "u.subarray.bind(u)(6,10)", "[u.fill.bind(u)(9,2,4),u][1]",
  ...["getUint8", "getUint32"].flatMap((name) =>
    ["1", "3,true"].map((given) => `v.${name}.bind(v)(${given})`)),
  "[v.setUint8.bind(v)(1,300),v.getUint8(1)][1]",
  "[v.setUint32.bind(v)(0,258,true),v.getUint8(0)][1]",
  `${TEXT}[0]==="\\0"`, `${TEXT}[6]`,
  ...['"\\0"', '"\\1"', '"\\xff"', '"c"'].map((each) =>
    `E.toUint8Array(${TEXT}.split(${each}).join("\\0"))`),
  '"\\1\\1".split("\\1").join("\\0").length',
  ...["1", "3", "5"].flatMap((at) => [`E.toUint8Array(${TEXT}.split(${TEXT}[${at}]).join("x"))`,
    `${TEXT}.indexOf(${TEXT}[${at}],1)`,
    `(function(){var s="";s+=${TEXT}.slice(${at},${at}+1);s+=${TEXT}.slice(${at},${at}+1);` +
      "return E.toUint8Array(s)})()"]),
  ...["0", "1", "127", "128", "255"].map((code) =>
    `E.toUint8Array(String.fromCharCode(${code}))[0]`),
  // Frames as they are made, and what is looked at where none has come.
  ...["22,255", "0,0", "200,1,22", "255,0,128"].flatMap((codes) => [
    `E.toUint8Array(String.fromCharCode(${codes}))`,
    `E.CRC32(String.fromCharCode(${codes})+E.toString(u.subarray(2,4)))`]),
  "E.toUint8Array((0,String.fromCharCode)(7,255))", "E.toString(u.subarray(2,3)).length",
  `${TEXT}.charCodeAt(9)>>5`, `${TEXT}.charCodeAt(9)&31`, `[4,5][${TEXT}.charCodeAt(9)]`,
  `({7:1})[${TEXT}[9]]`, "({7:1})[undefined]", "({7:1})[NaN]",
  `E.toUint8Array(E.toString(E.toUint8Array(${TEXT})))`, "E.toUint8Array(E.toString(o))",
  ...pairs(["0", "2", "3"], ["3", "8"]).flatMap(([from, end]) =>
    ["3,4", "0,0", "9,10"].map((codes) =>
      `E.toString(u.subarray(${from},${end})).indexOf(String.fromCharCode(${codes}),1)`)),
  ...["22,22", "195,22", "169,22"].map((codes) =>
    "E.toString(E.toUint8Array(String.fromCharCode(195,169,22)+String.fromCharCode(22,0)))" +
    `.indexOf(String.fromCharCode(${codes}))`),
  "E.toString(u.subarray(2,4)).length", `E.CRC32(${TEXT})`, `E.CRC32(${TEXT})>>>8`, 'E.CRC32("")',
  `E.toUint8Array(${TEXT}+"x")`, `E.toUint8Array(${TEXT})`,
];

const AT = ["0", "3", "4", "5", "7", "8", "9", "-1", "1.9", "undefined", "NaN"];
const VIEWS = [
  ...["Uint8", "Int8", "Uint16", "Int16", "Uint32", "Int32", "Float32"].flatMap((type) => [
    ...calls("v", `get${type}`, [...ones(AT), ...pairs(["0", "3", "5"], ["true", "false"])]),
    ...after(calls("v", `set${type}`, [...pairs(AT, ["77"]), ...NUMBERS.map((each) =>
      ["0", each, "true"]), ...NUMBERS.map((each) => ["4", each])])),
  ]),
  ...after(['v.setUint8(0)', "v.setUint32(0)", "v.setFloat32(0)"]),
  ...["0", "1", "-1", "0.1", "-0", "1e-46", "3.4e38", "3.5e38", "NaN", "Infinity", "16777217",
    "undefined"].map((value) => `[v.setFloat32(0,${value},true),v.getFloat32(0,true)][1]`),
  "new DataView(u.buffer).byteLength", "new DataView(o.buffer).getUint8(0)",
];

const MADE = [
  ...ODD.filter((each) => !/e9|Infinity/.test(each)).map((size) => `new Uint8Array(${size})`),
  "new Uint8Array()", "new Uint8Array([])", "new Uint8Array([1,300,-1,2.5,NaN])",
  'new Uint8Array("12")', "new Uint8Array(w)", "new Uint8Array(u.buffer)", "new Uint8Array(u)[0]",
  "new Uint8Array(undefined||[])", "new Uint8Array(o.buffer).length", "new Uint16Array([1,65536])",
  "new Uint32Array([4294967295,4294967296,-1])", "new Uint32Array(2)", "new Uint16Array(2)",
  "new Int32Array([2147483648,-1,1.5,1e10])",
  ...pairs(["0", "2", "8", "9"], ["0", "1", "6", "8", "9", "undefined"]).map(([from, length]) =>
    `new Uint8Array(u.buffer,${from},${length})`),
  "new ArrayBuffer(4).byteLength", "new ArrayBuffer(0).byteLength", "u.length", "o.length",
  "o.buffer===u.buffer", "u.byteOffset", "o.byteOffset", "w.byteLength",
  "[counts[0]++,counts[0]++,counts[0]]", "[counts[0]--,counts[0]]", "[counts[1]+=1.5,counts[1]]",
  "[counts[0]=4294967295,counts[0]++,counts[0]]", "[u[0]+=255,u[0]]", "[u[0]|=256,u[0]]",
  "[u[0]^=511,u[0]]", "[u[0]&=254,u[0]]", "[u[3]++,u[3]]", "[++u[3],u[3]]", "[u[7]--,u[7]]",
  "[u[0]-=2,u[0]]", "[u[1]>>=1,u[1]]",
];

const PLAIN = [
  "[].length", "[7][0]", "[7][1]", "[7][-1]", "[1,2][1.5]", '[1,2]["1"]',
  "(function(){var l=[];l[2]=1;return l.length})()",
  "(function(){var l=[];l[0]=1;l[1]=2;return l})()", "(function(){var l=[1];l[1]=l[0];return l})()",
  "(function(){var s='';for(var k in {a:1,b:2})s+=k;return s})()",
  "(function(){var o={a:1};return o.b})()", "(function(){var o={a:1};o.b=2;return o.b})()",
  "(function(){var o;return o.b})()", "(function(){return null.b})()", "undeclared",
  "typeof undeclared",
  "(function(a,b){return b})(1)", "(function(a){return a})(1,2)", "(function(){})()", "void 0",
  "(function(){try{throw 1}catch(e){return e}})()",
  "(function(){try{null.x}catch(e){return 2}return 3})()",
  "(function(){try{return 1}finally{}})()", "(function(){var i=0;do{i++}while(i<3);return i})()",
  "(function(){for(var i=0,n=0;n++<5;)i+=n;return i})()", "(function(){for(;;){return 4}})()",
  "(function(){var i=0;for(;;){if(++i>4)break;if(i<2)continue}return i})()",
  "(function(){var a=1,f=function(){return a};a=2;return f()})()",
  "(function(){var f=[];for(var i=0;i<2;i++)f[i]=function(){return i};return f[0]()})()",
  "(function(){var x=1;(function(){x=2})();return x})()", "(1,2)", "1?2:3", "NaN?2:3",
  "''?2:3",
  "-0?2:3", "[]?2:3", "new Uint8Array(0)?2:3", "!0", "!''", "!undefined", "!u", "-u[1]",
  "-undefined",
  "-'3'", "+true", "typeof 1", "typeof true", "typeof 'x'", "typeof undefined",
  "typeof null",
  "typeof u", "typeof function(){}", "0.1+0.2", "1/3", "1/0", "-1/0", "0/0", "5%0", "-5%3", "5.5%2",
  "4294967297%4", "-4294967297%4", "1e308*10", "4294967295+1", "2147483647+1", "-2147483648-1",
  "65536*65536", "2147483647*2147483647", "123456789*1000", "9007199254740991+1",
  "(function(){var a=2147483647;a++;return a})()",
  "(function(){var a=2147483647;return ++a})()",
  "(function(){var a=-2147483648;a--;return a})()",
  "(function(){var a=5;return[a++,a,a--,a,--a]})()", "(function(){var a=1;var a;return a})()",
  "(function(){var a=4294967295;a-=4294967296;return a})()", "(function(){var a;a+=1;return a})()",
  "'a'+1", "'a'<'b'", "'b'<'a'", "'a'<'aa'", "'Z'<'a'", "''<'a'", "'a'==='a'", "'10'<'9'", "'10'<9",
  "'\\u00ff'<'a'", "'abc'[1]", "'abc'[3]", "'abc'.length", "'tagma.'+(3+1)",
];

const MATHS = [
  ...["floor", "round"].flatMap((name) => calls("Math", name, [[], ...ones([
    ...NUMBERS, "-0.4", "0.49999999999999994", "-2.5", "3.999999", "4294967295.5", "-4294967295.5",
    "2147483646.5", "2147483647.5", "-2147483648.5"])])),
  ...["min", "max"].flatMap((name) => calls("Math", name, [[], ...ones(SOME), ...pairs(SOME, SOME),
    ["1", "2", "3"], ["3", "NaN", "1"], ["-1", "-0.5"], ["4294967295", "4294967296"]])),
  ...calls("Math", "sqrt", ones(["2", "3", "5", "7", "0", "-1"])),
  ...calls("Math", "pow", [["2", "1/3"], ["3", "1/3"], ["311", "1/3"], ["2", "32"], ["0", "0"]]),
];

const ESPRUINOS = [
  'E.toUint8Array("abc")', 'E.toUint8Array("\\x00\\xff\\x80")', 'E.toUint8Array("")',
  "E.toUint8Array(u)",
  "E.toUint8Array([1,2])", "E.CRC32(u)", "E.CRC32(u.subarray(2,5))", "E.CRC32(u.subarray(2,2))",
  "E.CRC32(u.subarray(6,10))", "E.CRC32(new Uint8Array(0))", "E.CRC32([1,2,3])", 'E.CRC32("abc")',
  "(E.CRC32(u)^-1)|0", "E.CRC32(u)<<8", "E.CRC32(u)>=0", 'atob("AQID/w==")', 'atob("")',
  'E.toUint8Array(atob("AAEC/w=="))',
];

/** What SHA-256 begins with, of which only 32 bits after the point are used. */
const ROOTS = [
  "[2,3,5,7,11,13,17,19].map(function(p){return((Math.sqrt(p)%1)*4294967296)|0})",
  ...["2,3,5,7,11,13,17,19,23,29,31,37,41,43,47,53,59,61,67,71,73,79,83,89,97,101,103",
    "107,109,113,127,131,137,139,149,151,157,163,167,173,179,181,191,193,197,199",
    "211,223,227,229,233,239,241,251,257,263,269,271,277,281,283,293,307,311"].map((primes) =>
    `[${primes}].map(function(p){return((Math.pow(p,1/3)%1)*4294967296)|0})`),
];

/** Every question, by what it is about. */
export const QUESTIONS: Readonly<Record<string, readonly string[]>> = {
  texts: TEXTS, subarray: SUBARRAYS, set: SETS, fill: FILLS, indexOf: INDEXES,
  DataView: VIEWS, new: MADE,
  Math: MATHS, roots: ROOTS, plain: PLAIN, Espruino: ESPRUINOS,
  shifts: BINARY.slice(0, 3).flatMap((sign) =>
    BITS.flatMap((left) => SHIFTS.map((right) => `${left}${sign}${right}`))),
  bits: BINARY.slice(3).flatMap((sign) =>
    BITS.flatMap((left) => ["0", "-1", "255", "4294967295"].map((right) =>
      `${left}${sign}${right}`))),
  signs: OTHERS.flatMap((sign) => pairs(SOME, SOME).map(([left, right]) =>
    `${left}${sign}${right}`.replace(/--/, "- -"))),
  // The number 2^31 stands in for a variable: what is folded when it is parsed shows nothing.
  held: ["n<<8", "n>>8", "n>>>8", "n|0", "n>>>0", "n^n", "(n-1)<<24>>24", "(n*2-1)>>>0",
    "(0-n*2)>>>0", "1<<n", "(n+5)%7", "-n|0", "n===2147483648", "(n>>>31)===1"],
};

/** Runs in every interpreter: writes an answer so that no two different ones look alike. */
export const SHOW = `
function tagmaShow(x) {
  if (x === undefined) return "undefined";
  if (x === null) return "null";
  if (typeof x === "number") {
    if (x !== x) return "NaN";
    if (x === 0) return 1 / x < 0 ? "-0" : "0";
    if (x - x !== 0) return x < 0 ? "-Infinity" : "Infinity";
    if (x % 1 === 0 && x < 1e15 && x > -1e15) {
      var s = "", y = x < 0 ? -x : x;
      do { s = y % 10 + s; y = (y - y % 10) / 10; } while (y > 0);
      return (x < 0 ? "-" : "") + s;
    }
    var d = new DataView(new ArrayBuffer(8)), h = "double ";
    d.setFloat64(0, x);
    for (var i = 0; i < 8; i++) h += (256 + d.getUint8(i)).toString(16).substr(1);
    return h;
  }
  if (typeof x === "string") {
    var t = "text ";
    for (var k = 0; k < x.length; k++) t += (256 + x.charCodeAt(k)).toString(16).substr(1);
    return t;
  }
  if (typeof x === "boolean") return x ? "true" : "false";
  if (typeof x === "object" && x.length !== undefined) {
    var l = [];
    for (var j = 0; j < x.length && j < 30; j++) l.push(tagmaShow(x[j]));
    return (x.length > 30 ? x.length + ":" : "") + "[" + l.join(" ") + "]";
  }
  return typeof x;
}
function tagmaAsk(ask) {
  var u = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]), w = new Uint16Array([1, 2, 3, 4, 300, 6, 7, 8]);
  try {
    return tagmaShow(ask(u, w, new DataView(u.buffer), new Uint8Array(u.buffer, 2, 4),
      new Uint32Array(2), 2147483648));
  } catch (e) {
    return "throws";
  }
}
`;

/** @returns a question as the text of a function that `tagmaAsk` takes */
export const asked = (question: string): string =>
  `function(u,w,v,o,counts,n){return ${question}}`;
