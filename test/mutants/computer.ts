import { mutant } from "./mutant.js";
import type { Mutant } from "./mutant.js";

/** Wrong lines of what a computer does fast, which boards do otherwise. */
const om = mutant("platform/om-host.ts");
const frame = mutant("frame/frame-host.ts");

export const COMPUTER: readonly Mutant[] = [
  om("wide values are taken for bytes", "width === 1 && !signature", "!signature"),
  om("half of the votes elect", "((end - child + 1) >> 1) + 1", "(end - child + 2) >> 1"),
  om("only this board's own vote can win", "one <= end - enough", "one < child"),
  om("the last candidate is not looked at", "one <= end - enough", "one < end - enough"),
  om("more boards than there are bits", "boards > IN_A_BYTE + 1", "boards > IN_A_BYTE + 2"),
  om("a few boards: one vote too few", "(children + 1) >> 1", "children >> 1"),
  om("a few boards: who was not heard counts",
    "    silence(layout, arena, round, senders);\n    const held", "    const held"),
  om("a few boards: a winner takes no place", "        arena[to] = winner;\n", ""),
  om("who was not heard counts",
    "    silence(layout, arena, round, senders);\n    for", "    for"),
  om("this board's place is silenced too", "board === self || (from", "(from"),
  om("what is ⊥ is given", "if (value >= 0) {\n          bits", "{\n          bits"),
  om("the last length is resolved by itself", "[below, above] = [above, below];", ""),
  om("others' entries where one commands", "commander >= 0 && of !== commander", "false"),

  frame("what waits in the arena is overwritten", "word > 1 || since", "word > 1"),
  frame("nothing waits, whatever was heard",
    "if (length === since || (length === open.length && !open[0])) since", "since"),
  frame("a frame as long as the chunk is the chunk", "open.length && !open[0]", "open.length"),
  frame("a start in a frame", "      if (!byte) return false;\n", ""),
  frame("a mask of 0", "bytes[0] || !mask", "bytes[0]"),
  frame("no start", "after || bytes[0] ||", "after ||"),
  frame("a header is not unmasked", "bytes[2] === bytes[1] ? 0 : bytes[2]!", "bytes[2]!"),
  frame("a byte is not unmasked", "if (byte === mask) byte = 0", "if (!mask) byte = 0"),
  frame("two bytes of the checksum", "0xffffff", "0xffff"),
  frame("what is too long is kept", "length >= frameOf(bytes)", "!frameOf(bytes)"),
  frame("what is not expected is kept", "length >= frameOf(bytes)", "length === frameOf(bytes)"),
  frame("a start in what is kept", "if (!bytes[at]) return false", ""),
  frame("what was kept is heard again", "      fill = 0;\n      tell();", "      tell();"),
  frame("what was kept is lost", "        pass(kept.slice(0, fill));\n", ""),
  frame("what was kept stays", "        fill = 0;\n        pass(chunk);", "        pass(chunk);"),
  frame("a mask that occurs", "< 32) used", "< 31) used"),
  frame("no mask is left to find", "used === -1 ? 0", "used === -2 ? 0"),
  frame("the checksum's last byte", "= ~rest >> 16", "= ~rest >> 8"),
];
