/** What is in bundles of boards that act tentatively, and in no others. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bundle } from "../../host/bundle/bundle.js";
import { networksOf } from "../views/drive.js";

/** @returns the bundle of the first board of FaB, with this order */
const bundleOf = async (tentative: boolean, order: object): Promise<string> => {
  const network = networksOf("fab", "a b c d e f")({ tentative });
  const first = network.boards[0]!;
  return bundle(network, { ...first, file: { ...first.file, order } as typeof first.file });
};

describe("a bundle of a board that acts tentatively", () => {
  it("takes an order back by what its file says", async () => {
    assert.match(await bundleOf(true, { script: "go(order)", retract: "back(before)" }),
      /go\(.*back\(|back\(.*go\(/s);
    const writes = (text: string) => text.split("analogWrite(B3").length - 1;
    assert.equal(writes(await bundleOf(true, { pin: "B3" })), 2);
    assert.equal(writes(await bundleOf(false, { pin: "B3" })), 1);
  });
});
