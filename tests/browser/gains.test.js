// What the ladder says of its steps.

import assert from "node:assert/strict";
import { test } from "node:test";
import { confusion, finding, telling } from "../../workflow/report/page/gains.js";

/** Gains at 28, 7 and 2 pixels a side, each within 0.01. */
function at(...all) {
  return all.map((gain, i) => ({
    size: [28, 7, 2][i],
    accuracy: 0.5,
    gain,
    interval: [gain - 0.01, gain + 0.01],
  }));
}

test("a step says where it gains most, where it costs and what is open", () => {
  assert.equal(
    finding(at(0.02, 0.1, -0.03), 0.1),
    "It gains most at 7×7: +0.100 (95% interval +0.090 to +0.110). It gains at 28×28 too. " +
      "It costs accuracy: −0.030 at 2×2 (−0.040 to −0.020).",
  );
  assert.equal(
    finding(at(0.02, 0.001, 0.002), 0.1),
    "It gains most at 28×28: +0.020 (95% interval +0.010 to +0.030). " +
      "At 7×7 and 2×2 results vary too much to be certain of a change.",
  );
  assert.equal(
    finding(at(0.001, -0.005, 0.002), 0.1),
    "It costs 0.005 at 7×7, but results vary too much to be certain " +
      "(95% interval −0.015 to +0.005). The same holds at the other sizes.",
  );
});

test("a step of one size says nothing of others", () => {
  assert.equal(
    finding(at(0.02), 0.1),
    "It gains at 28×28: +0.020 (95% interval +0.010 to +0.030).",
  );
});

test("the first step says what it reaches", () => {
  const first = at(NaN, NaN, NaN).map((own, i) => ({ ...own, accuracy: [0.9, 0.6, 0.1][i] }));
  assert.equal(
    finding(first, 0.1),
    "It reaches 0.900 at 28×28 and 0.100 at 2×2; guessing gives 0.100.",
  );
  assert.equal(
    finding(first.slice(0, 1), 0.5),
    "It reaches 0.900 at 28×28; guessing gives 0.500.",
  );
  const lost = first.map((own) => ({ ...own, accuracy: NaN }));
  assert.equal(finding(lost, 0.1), "It converged in no replicate.");
});

test("without intervals nothing is called sure", () => {
  const single = at(0.1, 0.2, -0.1).map((own) => ({ ...own, interval: null }));
  const words = finding(single, 0.1);
  assert.match(words, /^It gains the most at 7×7: \+0\.200\. It costs accuracy: −0\.100 at 2×2\./);
  assert.match(words, /no intervals/);
});

test("the smallest of the sizes with the largest gain is shown first", () => {
  assert.equal(telling(at(0.1, 0.3, 0.3)), 2);
  assert.equal(telling(at(0.4, 0.3, 0.3)), 28);
  assert.equal(telling(at(NaN, NaN, NaN)), 2);
});

test("a confusion matrix is put into words", () => {
  const classes = ["a", "b", "c"];
  assert.equal(
    confusion([1, 0, 9, 0, 1, 9, 0, 0, 10], classes),
    "93% of all images are labelled c; 33% should be.",
  );
  assert.equal(
    confusion([9, 1, 0, 0, 10, 0, 0, 3, 7], classes),
    "the commonest mistake: 30% of the images of c are labelled b.",
  );
  assert.equal(confusion([3, 0, 0, 5], ["x", "y"]), "not one image is labelled wrong.");
  assert.equal(confusion([0, 0, 2, 8], ["x", "y"]), "the commonest mistake: 20% of the images of y are labelled x.");
});
