import assert from "node:assert/strict";
import { test } from "node:test";

import { read, written } from "../../workflow/report/page/address.js";

test("what is chosen is read as it was written", () => {
  const chosen = { cell: "heldout/7px/ovr", words: "50% & more, or less?", models: "a,b" };
  const hash = written("claims", chosen);
  assert.ok(hash.startsWith("#claims?cell=heldout/7px/ovr&"));
  assert.deepEqual(read(hash), { section: "claims", chosen });
});

test("nothing chosen leaves the section alone", () => {
  assert.equal(written("answer", { digit: "" }), "#answer");
  assert.deepEqual(read("#answer"), { section: "answer", chosen: {} });
  assert.deepEqual(read(""), { section: "", chosen: {} });
});
