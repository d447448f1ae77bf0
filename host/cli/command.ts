import type { Command } from "commander";
import type { Io } from "./io.js";

/** Adds one command; `finish` takes the exit code that it ends with. */
export type Add = (program: Command, io: Io, finish: (code: number) => void) => void;

/** What a command ends with. */
export const HELD = 0;
/** Something broke, or does not fit. */
export const BROKEN = 1;
/** Bad usage. */
export const USAGE = 2;
/** A defect of this program; EX_SOFTWARE of sysexits.h. */
export const DEFECT = 70;
/** As if ended by a signal: this and its number. */
export const SIGNALLED = 128;
/** As if ended by SIGPIPE. */
export const CLOSED = 141;
