import assert from "node:assert/strict";
import { test } from "node:test";

import { told as leakTold, remaining } from "../../workflow/report/page/leak.js";
import { given, told } from "../../workflow/report/page/order.js";

test("a caption says which label is commonest, and how accuracy went", () => {
  const names = ["a", "b"];
  const reached = { accuracies: [0.5, 0.25], others: [0.7, 0.75], names, last: 1 };
  const counts = Float64Array.from([1, 3, 0, 4]);
  const { shares, guess } = given(counts, 2);
  assert.deepEqual([[...shares], guess], [[1 / 8, 7 / 8], 0.5]);
  const published = told({ visits: "sorted", weights: "last" }, { ...reached, counts });
  assert.match(published, /^After 2 epochs, class by class, 88% .* “b”, the class that comes last/);
  assert.match(published, /0\.250 are right; guessing gives 0\.500\.$/);
  const elsewhere = told({ visits: "sorted", weights: "last" }, { ...reached, counts, last: 0 });
  assert.match(elsewhere, /“b”, the commonest label/);
  const shuffled = told({ visits: "shuffled", weights: "last" }, { ...reached, counts });
  assert.match(shuffled, /between 0\.250 and 0\.500\.$/);
  const turned = { ...reached, accuracies: reached.others, others: reached.accuracies, counts };
  const averaged = told({ visits: "shuffled", weights: "averaged" }, turned);
  assert.match(averaged, /0\.750 are right.* alone give 0\.250\. It is steadier/);
  const once = { ...turned, accuracies: [0.7], others: [0.5] };
  assert.doesNotMatch(told({ visits: "shuffled", weights: "averaged" }, once), /steadier|epochs/);
});

test("what copies were worth is said only where it is more than chance", () => {
  const own = {
    model: "m", title: "M", size: 4, published: null, test: 0.9, copies: 1, others: 0.5, fresh: 0.5, spread: 0.1,
    interval: [0.4, 0.6], images: { test: 10, copies: 8, others: 2, fresh: 100 },
  };
  assert.match(leakTold(own), /1\.000 of the copies .* 0\.500 of the others.*0\.900.*0\.500 \(0\.400 to 0\.600\)\.$/);
  assert.doesNotMatch(leakTold(own, true), /0\.900/);
  assert.match(leakTold({ ...own, copies: 0.95 }), /0\.950 of the copies are right and 0\.500 /);
  assert.match(leakTold({ ...own, copies: 0.6 }), /hardly better .* brings little/);
  assert.match(leakTold({ ...own, copies: 0.4 }), /no better/);
  assert.match(leakTold({ ...own, others: null, interval: null }), /^M, 4×4 pixels: 0\.900 of the test images/);
  assert.match(leakTold({ ...own, test: null }), /diverged/);
  const shown = [[1, 1, true], [1, 0, true], [0, 0, false]].map(([actual, label, copy]) => ({ actual, label, copy }));
  assert.deepEqual(remaining(shown, false), { images: 3, right: 2 });
  assert.deepEqual(remaining(shown, true), { images: 1, right: 1 });
});
