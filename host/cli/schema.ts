import { networkSchema } from "../network/network.js";
import { HELD } from "./command.js";
import type { Add } from "./command.js";

/** The text of `boards/network.schema.json`. */
export const schemaText = (): string => `${JSON.stringify(networkSchema(), undefined, 2)}\n`;

export const addSchema: Add = (program, io, finish) => {
  program.command("schema")
    .description("print the JSON Schema of network files, for editors")
    .addHelpText("after", `
Exit codes: 0 done, 2 bad usage.

Example:
  tagma schema > network.schema.json`)
    .action(async () => {
      await io.out.write(schemaText());
      finish(HELD);
    });
};
