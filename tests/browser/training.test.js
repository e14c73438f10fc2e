import assert from "node:assert/strict";
import { test } from "node:test";

import { Training, blockSums, confusion, sorted } from "../../workflow/report/page/training.js";

const [CLASSES, SIZE, COUNT] = [3, 4, 30];

/** Whole numbers that look random. */
function noise(seed) {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647);
}

function images(seed) {
  const next = noise(seed);
  const pixels = Uint16Array.from({ length: COUNT * SIZE }, () => next() % 4000);
  const labels = Uint8Array.from({ length: COUNT }, () => next() % CLASSES);
  return { pixels, labels, size: SIZE };
}

/** In kernel form, in whole numbers of any size: coefficients of images, and no weights. */
function inKernelForm({ pixels, labels }, order, epochs) {
  const x = (i) => Array.from(pixels.subarray(i * SIZE, (i + 1) * SIZE), BigInt);
  const dot = (a, b) => a.reduce((sum, value, j) => sum + value * b[j], 0n);
  const all = Array.from({ length: COUNT }, (_, i) => x(i));
  const log = Array.from({ length: CLASSES }, () => []);
  const mistakes = [];
  let visits = 0;
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    let made = 0;
    for (const i of order(epoch)) {
      for (let p = 0; p < CLASSES; p += 1) {
        const score = log[p].reduce((sum, { image, sign }) => sum + sign * dot(all[image], all[i]), 0n);
        const sign = labels[i] === p ? 1n : -1n;
        if ((score >= 0n) === (sign > 0n)) continue;
        log[p].push({ image: i, sign, time: visits });
        made += 1;
      }
      visits += 1;
    }
    mistakes.push(made);
  }
  // The weights after each visit, one after the other, and their mean.
  const history = log.map((own) =>
    Array.from({ length: visits }, (_, t) =>
      Array.from({ length: SIZE }, (_, j) =>
        own.filter(({ time }) => time <= t).reduce((sum, m) => sum + Number(m.sign * all[m.image][j]), 0),
      ),
    ),
  );
  const mean = history.flatMap((own) =>
    Array.from({ length: SIZE }, (_, j) => own.reduce((sum, w) => sum + w[j], 0) / visits),
  );
  return { mistakes, last: history.flatMap((own) => own[visits - 1]), mean };
}

test("visits make the mistakes of the kernel form, and its last and mean weights", () => {
  for (const seed of [1, 2, 3]) {
    const train = images(seed);
    const next = noise(seed + 9);
    const orders = Array.from({ length: 4 }, () =>
      sorted(Array.from({ length: COUNT }, () => next())), // by random numbers: shuffled
    );
    const training = new Training(train, CLASSES, (epoch) => orders[epoch], 4);
    while (!training.finished) training.advance(1 + (next() % COUNT));
    const found = inKernelForm(train, (epoch) => orders[epoch], 4);
    assert.deepEqual(training.mistakes, found.mistakes);
    assert.deepEqual([...training.perceptrons.weights(false)], found.last);
    const weights = training.perceptrons.weights(true);
    found.mean.forEach((weight, j) => assert.ok(Math.abs(weights[j] - weight) < 1e-6));
  }
});

test("an epoch ends where its last image is visited, and training at the last epoch", () => {
  const training = new Training(images(4), CLASSES, () => sorted(images(4).labels), 2);
  assert.equal(training.advance(COUNT - 1), false);
  assert.equal(training.mistakes.length, 1);
  assert.equal(training.advance(COUNT), true);
  assert.deepEqual([training.epoch, training.place, training.last], [1, 0, sorted(images(4).labels).at(-1)]);
  assert.equal(training.advance(Infinity), true);
  assert.equal(training.advance(1), false);
  assert.ok(training.finished);
});

test("images of a class keep their order", () => {
  assert.deepEqual(sorted([1, 0, 2, 0, 1]), [1, 3, 0, 4, 2]);
});

test("the largest score labels, the first of equal ones", () => {
  const two = { pixels: [1, 0, 0, 1, 1, 1], labels: [0, 1, 1], size: 2 };
  const { counts, right } = confusion(Float64Array.from([1, 0, 0, 1]), two, 2);
  assert.deepEqual([...counts], [1, 0, 1, 1]);
  assert.equal(right, 2);
});

test("blocks of several images are summed apart", () => {
  const many = Array.from({ length: 32 }, (_, i) => i);
  assert.deepEqual([...blockSums(many, 4, 2)], [10, 18, 42, 50, 74, 82, 106, 114]);
  assert.deepEqual([...blockSums(many, 4, 4)], many);
});
