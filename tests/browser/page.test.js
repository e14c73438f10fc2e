import assert from "node:assert/strict";
import { test } from "node:test";

import { compare, matches } from "../../workflow/report/page/claims.js";
import { convolve } from "../../workflow/report/page/convolve.js";
import { centre, downscale, overlaps } from "../../workflow/report/page/digit.js";
import { decide, largest, monomials, pairs } from "../../workflow/report/page/perceptrons.js";

/** A drawing of so many pixels a side with ink in a rectangle. */
function rectangle(width, left, top, right, bottom) {
  return Float64Array.from({ length: width * width }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return x >= left && x < right && y >= top && y < bottom ? 1 : 0;
  });
}

function massOf(image, side) {
  let [mass, x, y] = [0, 0, 0];
  image.forEach((ink, i) => {
    mass += ink;
    x += ink * ((i % side) + 0.5);
    y += ink * (Math.floor(i / side) + 0.5);
  });
  return { mass, x: x / mass, y: y / mass };
}

test("each interval shares its length with pixels", () => {
  for (const [side, count] of [[28, 7], [28, 5], [3, 2], [4, 4]]) {
    for (const covered of overlaps(side, count)) {
      const total = covered.reduce((sum, { length }) => sum + length, 0);
      assert.ok(Math.abs(total - side / count) < 1e-12);
    }
  }
});

test("a mean of whole pixels is the nearest float32", () => {
  const image = Array.from({ length: 28 * 28 }, (_, i) => (i * 37) % 256);
  const small = downscale(image, 28, 4);
  let sum = 0;
  for (let y = 0; y < 7; y++) for (let x = 0; x < 7; x++) sum += image[28 * y + x];
  assert.equal(small[0], Math.fround(sum / 49));
});

test("a drawing fills the box of 20 pixels, wherever and however large it is drawn", () => {
  for (const [left, top, right, bottom] of [[0, 0, 100, 60], [200, 30, 230, 80], [5, 5, 275, 275]]) {
    const image = centre(rectangle(280, left, top, right, bottom), 280, 28);
    const filled = (of) => new Set([...image.keys()].filter((i) => image[i] > 0).map(of));
    const columns = filled((i) => i % 28).size;
    const rows = filled((i) => Math.floor(i / 28)).size;
    assert.equal(Math.max(columns, rows), 20);
    const proportion = (right - left) / (bottom - top);
    assert.ok(Math.abs(columns / rows - proportion) < 0.1 * proportion);
    const mass = massOf(image, 28);
    assert.ok(Math.abs(mass.x - 14) <= 0.5 + 1e-9 && Math.abs(mass.y - 14) <= 0.5 + 1e-9);
    assert.ok(image.every((ink) => ink >= 0 && ink <= 1 + 1e-9));
  }
});

test("a drawing with a heavy end stays within the image, and an empty one is none", () => {
  const ink = rectangle(280, 0, 0, 100, 280);
  for (let x = 100; x < 280; x++) ink[x] = 1;
  assert.ok(Math.abs(massOf(centre(ink, 280, 28), 28).mass - massOf(ink, 280).mass / 196) < 1);
  assert.equal(centre(new Float64Array(100), 10, 28), null);
});

test("monomials are in the order of degree", () => {
  assert.deepEqual(monomials([2, 3], 2), [1, 2, 3, 4, 6, 9]);
  assert.equal(monomials([1, 1, 1, 1], 3).length, 35);
});

test("perceptrons vote in pairs, and 0 counts as the first", () => {
  assert.deepEqual(pairs("one-vs-one-unordered", 3), [[0, 1], [0, 2], [1, 2]]);
  assert.equal(pairs("one-vs-one", 3).length, 6);
  const scores = Float64Array.from([0, -1, -1]);
  assert.deepEqual(decide(scores, "one-vs-one-unordered", 3), { label: 2, scores: [1, 0, 2] });
  assert.deepEqual(decide(scores, "one-vs-rest", 3).label, 0);
  assert.equal(largest([1, 3, 3]), 1);
});

test("a filter is cut off where the image ends, and what is below 0 too", () => {
  const images = { data: Float64Array.from([1, 2, 3, 4]), channels: 1, side: 2 };
  const ones = { data: new Float64Array(9).fill(1), shape: [1, 1, 3, 3] };
  const found = convolve(images, ones, Float64Array.of(-9), 1);
  assert.deepEqual([...found.data], [1, 1, 1, 1]);
  const edge = { data: Float64Array.from([0, 0, 0, 0, 1, -1, 0, 0, 0]), shape: [1, 1, 3, 3] };
  assert.deepEqual([...convolve(images, edge, Float64Array.of(0), 1).data], [0, 2, 0, 4]);
  assert.deepEqual([...convolve(images, edge, Float64Array.of(3), 2).data], [2]);
  const two = { data: Float64Array.from([1, 2, 3, 4, 5, 6, 7, 8]), channels: 2, side: 2 };
  const sums = { data: Float64Array.from([1, 10, 2, 0]), shape: [2, 2, 1, 1] };
  const both = convolve(two, sums, Float64Array.of(0, 1), 1);
  assert.deepEqual([...both.data], [51, 62, 73, 84, 3, 5, 7, 9]);
  assert.deepEqual([both.channels, both.side], [2, 2]);
});

test("claims sort by number within a unit, or by text, those without last", () => {
  const number = (text, unit = "") => ({ text, number: Number(text), unit });
  const keys = [
    { text: "", number: NaN, unit: "" },
    number("9", "updates"),
    number("0.10"),
    number("0.9"),
    number("10", "updates"),
  ];
  const sorted = (sign) => keys.toSorted((a, b) => compare(a, b, sign)).map(({ text }) => text);
  assert.deepEqual(sorted(1), ["0.10", "0.9", "9", "10", ""]);
  assert.deepEqual(sorted(-1), ["0.9", "0.10", "10", "9", ""]);
  const words = ["b", "", "a"].map((text) => ({ text, number: NaN, unit: "" }));
  const told = (sign) => words.toSorted((a, b) => compare(a, b, sign)).map(({ text }) => text);
  assert.deepEqual(told(1), ["a", "b", ""]);
  assert.deepEqual(told(-1), ["b", "a", ""]);
});

test("claims are filtered by values and by words", () => {
  const row = { kind: "words", repeated: "repeated" };
  assert.ok(matches(row, "One claim of OvO", { kind: "words", repeated: "" }, "ovo one"));
  assert.ok(!matches(row, "One claim", { kind: "number" }, ""));
  assert.ok(!matches(row, "One claim", {}, "two"));
});
