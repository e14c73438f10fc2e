// The explorer's own functions: pairs, curves, menus, addresses, numbers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ahead, replicates } from "../../workflow/report/page/cell.js";
import { decoded, rows } from "../../workflow/report/page/curves.js";
import { aboutSplits, grouped, nameOf, nearest, read, written } from "../../workflow/report/page/explorer.js";
import {
  count,
  interval,
  listed,
  plain,
  several,
  share,
  signed,
} from "../../workflow/report/page/numbers.js";
import {
  disagreement,
  evenly,
  onFresh,
  onTest,
  pairIndex,
  part,
} from "../../workflow/report/page/pairs.js";
import { downscale } from "../../workflow/report/page/digit.js";
import { brightness } from "../../workflow/report/page/pictures.js";

const record = {
  classes: ["a", "b"],
  replicates: 2,
  splits: [
    {
      name: "published",
      title: "P",
      sampling: { n_train: 800, n_test: 100, n_pool: 1000 },
      about: [],
      chance: [0.1, 0.1, 0.1],
      tested: false,
    },
    {
      name: "heldout",
      title: "H",
      sampling: { n_train: 800, n_test: 100, n_pool: 1000 },
      about: [],
      chance: [0.1, 0.1, 0.1],
      tested: true,
    },
  ],
  models: [
    { name: "m", entry: "m", axes: [], title: "M" },
    { name: "g-1", entry: "g", axes: ["layers", "width"], title: "G 1" },
    { name: "g-2", entry: "g", axes: ["layers", "width"], title: "G 2" },
    { name: "unused", entry: "u", axes: [], title: "U" },
  ],
  cells: [
    { split: 0, size: 7, model: 0, fit: 0, images: [4, 4, 4] },
    { split: 1, size: 7, model: 0, fit: 0, images: [4, 4, 4] },
    { split: 1, size: 7, model: 1, fit: 1, images: [4, 4, 4] },
    { split: 1, size: 2, model: 2, fit: 2, images: [4, 4, 4] },
  ],
  fits: [{ honest: true }, { honest: true }, { honest: true }],
  start: [0, 1],
  fresh: 4,
  counts: [2, 2],
  quantiles: { t: [12.706204736432095], z: 1.959963984540054 },
};

/** Counts of right images of each cell and subset; two replicates. */
function explorer(...fresh) {
  const correct = fresh.flatMap((own) => [1, 1, 2, 3, ...own]);
  return {
    record,
    arrays: {
      correct: { data: correct, shape: [4, 3, 2] },
      squares: { data: [1, 5, 6], shape: [3] },
      labels: { data: [0, 1, 0, 1, 0, 0, 1, 1, 1, 1, 1, 1], shape: [3, 4] },
      labelled: { data: [0, 1, 2, 3], shape: [4] },
    },
  };
}

test("pairs are numbered as triangles are", () => {
  const fits = 5;
  let i = 0;
  for (let a = 0; a < fits; a += 1) {
    for (let b = a + 1; b < fits; b += 1, i += 1) {
      assert.equal(pairIndex(a, b, fits), i);
      assert.equal(pairIndex(b, a, fits), i);
    }
  }
});

test("a part of an array is at its leading indices", () => {
  const packed = { data: Int32Array.from({ length: 24 }, (_, i) => i), shape: [2, 3, 4] };
  assert.deepEqual(part(packed, 1, 2), [20, 21, 22, 23]);
  assert.deepEqual(
    part(packed, 0),
    Array.from({ length: 12 }, (_, i) => i),
  );
  assert.deepEqual(part(packed, 1, 0, 3), [15]);
});

test("a difference by hand", () => {
  // Three right of four and two; the other two and two: +1/4 and 0, as in test_pairs.py.
  const found = onFresh(explorer([3, 2], [3, 2], [2, 2], [0, 0]), 1, 2);
  assert.equal(found.mean, 0.125);
  assert.deepEqual([found.better, found.equal], [1, 1]);
  // Two replicates of four images: ± t √((4 + 1/2) / 32 + …) is beyond what is possible.
  assert.deepEqual(found.interval, [-1, 1]);
});

test("the same fit differs by nothing at all, and other test images are not paired", () => {
  const same = explorer([3, 2], [3, 2], [2, 2], [0, 0]);
  assert.equal(onFresh(same, 0, 1).mean, 0);
  assert.deepEqual(onFresh(same, 0, 1).interval, [0, 0]);
  const lost = explorer([-1, -1], [-1, -1], [2, 2], [0, 0]);
  assert.equal(onFresh(lost, 0, 1).interval, null);
  assert.equal(onTest(same, 0, 1), null);
  assert.ok(onTest(same, 1, 2)?.interval);
});

test("a replicate that diverged in either is left out", () => {
  const found = onFresh(explorer([3, -1], [3, -1], [2, 2], [0, 0]), 1, 2);
  assert.deepEqual(found.replicates, [0]);
  assert.equal(found.mean, 0.25);
  assert.equal(found.interval, null);
  assert.ok(Number.isNaN(onFresh(explorer([-1, -1], [-1, -1], [2, 2], [0, 0]), 1, 2).mean));
});

test("disagreements are counted, and named", () => {
  const found = disagreement(explorer([3, 2], [3, 2], [2, 2], [0, 0]), 1, 2, [0, 1, 1, 0]);
  assert.equal(found.both, 1);
  assert.equal(found.neither, 1);
  assert.deepEqual(found.onlyFirst, [{ image: 1, first: 1, second: 0 }]);
  assert.deepEqual(found.onlySecond, [{ image: 2, first: 0, second: 1 }]);
});

test("images to show are spread over classes", () => {
  const classes = [0, 0, 0, 2, 2, 1];
  const all = classes.map((_, i) => i);
  assert.deepEqual(
    evenly(all, 4, (i) => classes[i]),
    [0, 1, 3, 5],
  );
  assert.deepEqual(
    evenly(all, 9, (i) => classes[i]),
    all,
  );
});

test("points of curves have gaps where numbers are missing, and know where they are alone", () => {
  assert.deepEqual(decoded([0, 65535, 5000]), [0, NaN, 0.5]);
  const mean = [1, NaN, 2, 3, NaN, 4];
  const found = rows([1, 2, 3, 4, 5, 6], [{ title: "t", mean, low: mean, high: mean }]);
  assert.deepEqual(
    found.map((row) => row.mean),
    [1, null, 2, 3, null, 4],
  );
  assert.deepEqual(
    found.flatMap((row) => (row.alone ? [row.x] : [])),
    [1, 6],
  );
  assert.deepEqual(Object.keys(found[0]), ["x", "series", "mean", "low", "high", "alone"]);
});

test("an address names cells; what it does not name is what is shown at first", () => {
  const chosen = { cell: 2, other: 3 };
  const values = written(record, chosen);
  assert.deepEqual(values, { cell: "heldout/7px/g-1", other: "heldout/2px/g-2" });
  assert.deepEqual(read(record, values), chosen);
  assert.deepEqual(read(record, { cell: "published/7px/m" }), { cell: 0, other: 1 });
  assert.deepEqual(read(record, { cell: "none", other: "" }), { cell: 0, other: 1 });
  record.cells.forEach((_, i) =>
    assert.equal(read(record, { cell: nameOf(record, i) }).cell, i),
  );
});

test("a menu leads to a cell that exists, the nearest", () => {
  assert.equal(nearest(record, 0, "split", 1), 1);
  assert.equal(nearest(record, 0, "model", 2), 3);
  assert.equal(nearest(record, 1, "model", 1), 2);
  assert.equal(nearest(record, 3, "size", 7), 1);
});

test("splits are told apart where there are several", () => {
  assert.equal(
    aboutSplits(record),
    "Splits: in the P test images can be training images too; in the H no test image is trained on.",
  );
  assert.equal(aboutSplits({ ...record, splits: record.splits.slice(1) }), "");
});

test("models are grouped by entry, where it has several", () => {
  assert.deepEqual(grouped(record), [
    { label: null, models: [0] },
    { label: "g, by layers, width", models: [1, 2] },
  ]);
});

test("images are averaged by area", () => {
  const pixels = Array.from({ length: 16 }, (_, i) => i);
  assert.deepEqual([...downscale(pixels, 4, 2)], [2.5, 4.5, 10.5, 12.5]);
  assert.deepEqual([...downscale(pixels, 4, 4)], pixels);
  const third = [...downscale([0, 3, 6, 3, 6, 9, 6, 9, 12], 3, 2)];
  assert.deepEqual(
    third.map((x) => Math.round(x * 1e6) / 1e6),
    [2, 6, 6, 10],
  );
  assert.deepEqual(brightness(new Uint8Array([3])), [0, 255]);
  assert.deepEqual(brightness(new Float32Array([-1, 2])), [-1, 2]);
  assert.deepEqual(brightness([5, 5]), [5, 6]);
});

test("numbers are written as in the tables", () => {
  assert.equal(share(0.8974), "0.897");
  assert.equal(share(null), "–");
  assert.equal(signed(-0.0123), "−0.012");
  assert.equal(signed(0.5), "+0.500");
  assert.equal(signed(-0.0001), "0.000");
  assert.equal(interval([0.1, 0.2]), "0.100 to 0.200");
  assert.equal(interval([NaN, 1]), "");
  assert.equal(interval(null), "");
  assert.equal(count(732556.35), "732,556.4");
  assert.equal(plain(4.53e10), "4.53×10¹⁰");
  assert.equal(plain(-0.00012), "−1.20×10⁻⁴");
  assert.equal(plain(12.3456), "12.35");
  assert.equal(plain(Infinity), "∞");
  assert.equal(listed([1, 2, 3]), "1, 2 and 3");
  assert.equal(listed([7]), "7");
  assert.deepEqual(replicates([0, 1, 1]), [1, 2]);
});

test("how far a label is ahead is said in votes, where models vote", () => {
  assert.equal(ahead(3, "neighbours", 3), "all 3 neighbours agree");
  assert.equal(ahead(2, "neighbours", 5), "2 votes of 5 ahead");
  assert.equal(ahead(1, "neighbours", 1), "by a single vote");
  assert.equal(ahead(12.5, ""), "score 12.5 ahead");
  assert.deepEqual([several(1, "image"), several(1200, "image")], ["1 image", "1,200 images"]);
});
