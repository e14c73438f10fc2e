import assert from "node:assert/strict";
import { test } from "node:test";

import { compared, explained, tabulated } from "../../workflow/report/page/answer.js";
import { shift } from "../../workflow/report/page/term.js";

test("what an address compares is what the study has, and no more than there is room for", () => {
  const read = (address) => compared(address, new Set(["a", "b", "c"]), ["x/fresh", "x/test"], 2);
  assert.deepEqual(read({}), { counted: "x/fresh", models: [] });
  assert.deepEqual(read({ models: "b,gone,b,a,c", counted: "x/test" }), {
    counted: "x/test",
    models: ["b", "a"],
  });
  assert.deepEqual(read({ counted: "gone" }).counted, "x/fresh");
});

test("the table has what is compared, in its order, and a gap where a size lacks it", () => {
  const rows = [
    { model: "a", title: "A", size: 7, mean: 0.5, low: 0.4, high: 0.6 },
    { model: "a", title: "A", size: 2, mean: 0.25, low: null, high: null },
  ];
  assert.deepEqual(tabulated(rows, ["b", "a"], [7, 4, 2]), [["A", "0.500 (0.400 to 0.600)", "", "0.250"]]);
});

test("what is not shown is said, with the reason", () => {
  assert.ok(!explained(true, [], "test images", "").includes("not shown"));
  assert.match(explained(true, [], "test images", ""), /There are no intervals/);
  assert.match(explained(false, [], "x", "i"), /The best models were not tested on these images/);
  assert.match(explained(true, ["A"], "x", "i"), /A is not shown: it was not tested on these images\.$/);
  assert.match(explained(true, ["A", "B"], "x", "i"), /A and B are not shown: they were not tested/);
});

test("an explanation moves to the left as far as it must, and may", () => {
  assert.equal(shift(300, 100, 1000), -0);
  assert.equal(shift(1050, 700, 1000), -58);
  assert.equal(shift(400, 20, 360), -12);
});
