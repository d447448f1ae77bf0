/** Writes a trace that has no end, until that is refused, and says why. */
import { UsageError } from "../../host/base/error.js";
import { createTraceWriter } from "../../host/trace/file.js";
import { run } from "./runs.js";

const { header, events } = await run();
try {
  const writer = createTraceWriter(process.argv[2]!, header);
  for (let count = 0; count < 1_000_000; count++) writer.write(events[count % events.length]!);
} catch (thrown) {
  if (!(thrown instanceof UsageError)) throw thrown;
  process.stdout.write(`${thrown.message}\n`);
}
