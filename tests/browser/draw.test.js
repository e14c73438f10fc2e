// The section to draw in: labels, ranks, walks and pictures of a reader's own.

import assert from "node:assert/strict";
import { test } from "node:test";

import { grouped, summary } from "../../workflow/report/page/labels.js";
import { asDrawing, asPhotograph, grey } from "../../workflow/report/page/load.js";
import { ranked } from "../../workflow/report/page/ranked.js";
import { shuffled, stepped } from "../../workflow/report/page/walk.js";

test("models are grouped by entry, with their sizes", () => {
  const models = [
    { entry: "a", name: "a", size: 7 },
    { entry: "b", name: "b1", size: 7 },
    { entry: "a", name: "a", size: 2 },
    { entry: "b", name: "b2", size: 7 },
  ];
  const found = grouped(models);
  assert.deepEqual([...found.keys()], ["a", "b"]);
  assert.deepEqual([...found.get("a").get("a")], [[7, 0], [2, 2]]);
  assert.equal(found.get("b").size, 2);
});

test("the summary names what most models say", () => {
  const labels = [
    { size: 7, label: "3" },
    { size: 7, label: "5" },
    { size: 7, label: "5" },
    { size: 2, label: "1" },
  ];
  assert.equal(summary(labels), "7×7: 2 of 3 models say 5; 2×2: 1 of 1 models say 1");
  const alike = [4, 3, 2, 1].map((size) => ({ size, label: size > 2 ? "7" : "1" }));
  const said = "4×4 to 3×3: 1 of 1 models say 7; 2×2 to 1×1: 1 of 1 models say 1";
  assert.equal(summary(alike), said);
});

/** A picture of one shade with a rectangle of another, as a canvas gives it. */
function painted(width, height, ground, ink, [left, top, right, bottom]) {
  const data = Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return [...(x >= left && x < right && y >= top && y < bottom ? ink : ground), 255];
  });
  return { data: data.flat(), width, height };
}

const [BLACK, WHITE] = [[0, 0, 0], [255, 255, 255]];

test("classes are ranked by what the model says of each, the label before its equals", () => {
  const places = (model, label, scores) => ranked(model, { label, scores }).map(({ place }) => place);
  const texts = (model, scores) => ranked(model, { label: 0, scores }).map(({ text }) => text);
  assert.deepEqual(places({ kind: "mlp" }, 2, [0.2, 0.2, 0.6]), [2, 0, 1]);
  assert.deepEqual(texts({ kind: "convnet" }, [0.75, 0.2, 0.05]), ["0.750", "0.200", "0.050"]);
  assert.deepEqual(places({ kind: "knn", k: 4 }, 2, [2, 0, 2]), [2, 0, 1]);
  assert.deepEqual(texts({ kind: "knn", k: 4 }, [3, 1, 0]), ["3 of 4", "1 of 4", "0 of 4"]);
  const rest = { kind: "kernel", scheme: "one-vs-rest" };
  assert.deepEqual(texts(rest, [-18549753, -20549753, -19549753]), ["1.00", "0.50", "0.00"]);
  assert.deepEqual(texts(rest, [0, 0]), ["0.00", "0.00"]);
});

test("no class can win more pairs than there are", () => {
  const first = (scheme, scores) => ranked({ kind: "weights", scheme }, { label: 0, scores })[0];
  assert.deepEqual(first("one-vs-one", [4, 1, 1]), { place: 0, share: 1, text: "4 of 4" });
  assert.deepEqual(first("one-vs-one-unordered", [2, 1, 0]), { place: 0, share: 1, text: "2 of 2" });
});

test("a walk meets every image once, in the same order for every reader", () => {
  for (const count of [1, 2, 10, 1000]) {
    const order = shuffled(count);
    assert.deepEqual(order, shuffled(count));
    assert.deepEqual([...order].sort((a, b) => a - b), [...Array(count).keys()]);
    let at = -1;
    const met = order.map(() => (at = stepped(order, at, 1)));
    assert.deepEqual(met, order);
    assert.equal(stepped(order, at, 1), order[0]);
    assert.equal(stepped(order, stepped(order, at, 1), -1), at);
    assert.equal(stepped(order, -1, -1), order[count - 1]);
  }
  const moved = shuffled(1000).filter((image, i) => image !== i).length;
  assert.ok(moved > 980);
});

test("grey is the luminance of a folder's images, and what is transparent is white", () => {
  const data = [255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 9, 9, 9, 0];
  const { shades } = grey({ data, width: 2, height: 2 });
  [0.299, 0.587, 0.114, 1].forEach((shade, i) => assert.ok(Math.abs(shades[i] - shade) < 1e-12));
});

test("dark on light and light on dark are the same drawing, of whatever size and colour", () => {
  const box = [10, 20, 30, 60];
  const wanted = asDrawing(grey(painted(60, 90, BLACK, WHITE, box)), 28);
  assert.ok(wanted.some((ink) => ink > 0.99));
  for (const [ground, ink] of [[WHITE, BLACK], [[200, 190, 90], [20, 30, 200]], [[90, 90, 90], [250, 250, 20]]]) {
    const found = asDrawing(grey(painted(60, 90, ground, ink, box)), 28);
    found.forEach((share, i) => assert.ok(Math.abs(share - wanted[i]) < 1e-9));
  }
  const larger = asDrawing(grey(painted(180, 270, WHITE, BLACK, box.map((end) => 3 * end))), 28);
  larger.forEach((share, i) => assert.ok(Math.abs(share - wanted[i]) < 1e-9));
  assert.throws(() => asDrawing(grey(painted(9, 9, WHITE, WHITE, box)), 28), /all of it|one shade/);
});

test("a shadow on the paper is no ink", () => {
  const picture = painted(60, 60, WHITE, BLACK, [25, 10, 35, 50]);
  const before = asDrawing(grey(picture), 28);
  for (let i = 0; i < 4 * 60 * 5; i++) if (i % 4 < 3) picture.data[i] = 205;
  assert.deepEqual(asDrawing(grey(picture), 28), before);
});

test("a photograph is cut to its middle square and averaged down", () => {
  const wide = grey(painted(80, 40, BLACK, WHITE, [20, 0, 40, 40]));
  const found = asPhotograph(wide, 4);
  assert.deepEqual([...found].map(Math.round), [...Array(4)].flatMap(() => [1, 1, 0, 0]));
  assert.throws(() => asPhotograph(wide, 41), /too small.*41/);
});
