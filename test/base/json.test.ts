import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { JsonError, parseJson } from "../../host/base/json.js";

const refused = (text: string, why: RegExp) => {
  assert.throws(() => parseJson(text), (thrown: Error) => {
    assert.ok(thrown instanceof JsonError, thrown.stack);
    assert.match(thrown.message, why);
    return true;
  });
};

describe("JSON from outside", () => {
  test("is what it says", () => {
    for (const text of [
      "1", '"a"', "[]", '{"a":{"a":[1,{"a":2},{"a":3}]},"b":"{\\"a\\":1,\\"a\\":2}"}', '"\\\\"',
      '{"a":"b","c":"a","\\\\":"\\"","":":"}', "[".repeat(64) + "]".repeat(64),
    ]) assert.deepEqual(parseJson(text), JSON.parse(text));
  });

  test("is refused where it is too deep or too much, before it costs anything", () => {
    refused("[".repeat(65) + "]".repeat(65), /nested deeper than 64 levels/);
    refused("[".repeat(5_000_000), /nested deeper/);
    refused('{"a":'.repeat(5000), /nested deeper/);
    refused(`[${"0,".repeat(1_000_000)}0]`, /more than 1000000 values/);
  });

  test("is refused where a key is there twice, however it is written, with its line", () => {
    refused('{\n"a": 1,\n"a": 2}', /^line 3: "a" is there twice$/);
    refused('{"a":1,"\\u0061":2}', /"a" is there twice/);
    refused('[{"b":{"a":1},"b":2}]', /"b" is there twice/);
    refused('{"__proto__": {"x": 1}}', /"__proto__" is no name/);
  });

  test("is refused where it is none", () => {
    for (const text of ["", "{", '"', '"\\', "{,}", "[1,]", "]", '{"a"}', ":", "\u0000"]) {
      refused(text, /is not JSON: /);
    }
  });
});
