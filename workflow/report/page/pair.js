// What the explorer shows of two trained models side by side.

import { atBothSizes } from "./cell.js";
import { element, table } from "./dom.js";
import { count, interval, several, share, signed } from "./numbers.js";
import { disagreement, evenly, onFresh, onFreshByClass, onTest } from "./pairs.js";
import { brightness } from "./pictures.js";

/** @typedef {import("./pairs.js").Explorer} Explorer */
/** @typedef {import("./pairs.js").Difference} Difference */
/** @typedef {import("./explorer.js").Images} Images */

const MOST = 24;

/**
 * Compare two cells.
 * @param {HTMLElement} place
 * @param {Explorer} explorer
 * @param {number} a Number of the one.
 * @param {number} b Number of the other.
 * @param {Images} images
 */
export function showPair(place, explorer, a, b, images) {
  const { record } = explorer;
  const [first, second] = [record.cells[a], record.cells[b]];
  const name = (/** @type {import("./pairs.js").Cell} */ c) =>
    `${record.models[c.model].title}, ${c.size}×${c.size}, ${record.splits[c.split].title}`;
  const heading = element(
    "p",
    {},
    element("strong", {}, "A"),
    ` is ${name(first)}; `,
    element("strong", {}, "B"),
    ` is ${name(second)}.`,
  );
  if (a === b) {
    place.replaceChildren(heading, element("p", {}, "A and B are the same trained model: choose another."));
    return;
  }
  /** @type {HTMLElement[]} */
  const content = [heading, differences(explorer, a, b)];
  if (first.fit === second.fit) {
    content.push(
      element(
        "p",
        {},
        "Both splits share the training images, so A and B are the same trained models, and " +
          "label every never-seen image alike.",
      ),
    );
  } else {
    content.push(...labels(explorer, a, b, images));
  }
  place.replaceChildren(...content);
}

/**
 * @param {Explorer} explorer
 * @param {number} a
 * @param {number} b
 */
function differences(explorer, a, b) {
  const { record } = explorer;
  const [first, second] = [record.cells[a], record.cells[b]];
  const own = record.splits[first.split];
  const fresh = onFresh(explorer, a, b);
  const test = onTest(explorer, a, b);
  /** @type {[string, Difference, string][]} */
  const found = [["Never-seen images", fresh, own.about[2]]];
  const balanced = onFreshByClass(explorer, a, b);
  if (balanced) found.push(["Never-seen images, balanced by class", balanced, own.about[2]]);
  if (test) found.push(["Test images", test, own.about[1]]);
  if (!fresh.replicates.length)
    return element("p", {}, "No replicate converged in both, so there is no difference to show.");
  const rows = found.map(([images, d, about]) => {
    const ends = interval(d.interval, signed);
    const within = ends ? element("div", {}, ends, element("small", {}, ` for ${about}`)) : "–";
    const equal = d.equal ? `, equal in ${d.equal}` : "";
    const better = `${d.better} of ${d.replicates.length} replicates${equal}`;
    const counted = record.replicates > 1 ? [better] : [];
    return [images, signed(d.mean), within, share(d.first), share(d.second), ...counted];
  });
  const heads = ["Accuracy on", "A − B", "95% interval", "A", "B"];
  const notes = [];
  if (record.replicates > 1) {
    heads.push("A is better in");
    notes.push("Differences are taken replicate by replicate.");
  }
  if (!balanced && new Set(record.counts.filter((n) => n)).size > 1)
    notes.push("Classes are uneven, and too many to balance by here: this is plain accuracy.");
  else if (balanced && test) notes.push("On test images it is plain accuracy.");
  const left = record.replicates - fresh.replicates.length;
  if (left)
    notes.push(
      `${left} of ${record.replicates} replicates diverged in A or in B, and are left out of both.`,
    );
  if (!fresh.interval) notes.push(reason(explorer, fresh.replicates.length));
  if (test && !own.tested)
    notes.push(
      "Test images can be training images too, so no interval of theirs tells of new images.",
    );
  if (first.split !== second.split && (first.images[1] || second.images[1])) {
    notes.push("The two splits have different test images, so accuracies on those are not paired.");
  }
  const judged = (balanced ?? fresh).interval;
  if (first.fit !== second.fit && judged) {
    const clear = judged[0] > 0 || judged[1] < 0;
    const which = `on never-seen images${balanced ? ", balanced by class," : ""}`;
    notes.push(`The interval ${which} ${clear ? "leaves out" : "holds"} 0.`);
  }
  return element(
    "div",
    {},
    table("Paired differences of accuracy", heads, rows, "numbers"),
    element("p", { class: "explorer-note" }, notes.join(" ")),
  );
}

/**
 * Why there is no interval.
 * @param {Explorer} explorer
 * @param {number} replicates
 */
function reason({ record, arrays }, replicates) {
  if (!arrays.squares) {
    return (
      `Of ${record.fits.length} trained models there are too many pairs for this page to hold their ` +
      "intervals; tables/pairs.csv has those of the most telling pairs."
    );
  }
  if (replicates < 2) return "A single replicate shows no spread, so there is no interval.";
  return "The two splits draw their images differently, so there is no interval.";
}

/**
 * @param {Explorer} explorer
 * @param {number} a
 * @param {number} b
 * @param {Images} images
 */
function labels(explorer, a, b, images) {
  const { record, arrays } = explorer;
  const [first, second] = [record.cells[a], record.cells[b]];
  const lost = [first, second].filter((c) => arrays.lost.data[c.fit * record.replicates]);
  if (lost.length)
    return [element("p", {}, "Replicate 0 diverged, so there are no labels of it to compare.")];
  const found = disagreement(explorer, a, b, images.labels);
  const total = arrays.labelled.data.length;
  if (!total) return [];
  const rows = [
    ["A right", count(found.both), count(found.onlyFirst.length)],
    ["A wrong", count(found.onlySecond.length), count(found.neither)],
  ];
  const some =
    total < record.fresh
      ? `${count(total)} of the study's ${count(record.fresh)}`
      : `the ${count(total)}`;
  const limits = brightness(images.pixels);
  return [
    element("h4", {}, "Where they disagree"),
    element("p", { class: "explorer-note" }, `Replicate 0 of both, on ${some} never-seen images.`),
    table(
      "Never-seen images that replicate 0 of A and of B label right",
      ["Images", "B right", "B wrong"],
      rows,
      "numbers",
    ),
    ...gallery(
      `Only A is right: ${several(found.onlyFirst.length, "image")}`,
      found.onlyFirst,
      "second",
      "B",
    ),
    ...gallery(
      `Only B is right: ${several(found.onlySecond.length, "image")}`,
      found.onlySecond,
      "first",
      "A",
    ),
  ];

  /**
   * @param {string} title
   * @param {{image: number, first: number, second: number}[]} all
   * @param {"first"|"second"} wrong
   * @param {string} who
   */
  function gallery(title, all, wrong, who) {
    if (!all.length) return [];
    const items = evenly(all, MOST, (one) => images.labels[one.image]).map((one) =>
      element(
        "li",
        {},
        ...atBothSizes(images, one.image, images.side, limits),
        element("div", {}, record.classes[images.labels[one.image]]),
        element("small", {}, `${who}: ${record.classes[one[wrong]]}`),
      ),
    );
    const some = all.length > MOST ? `, the first of each class, ${MOST} in all` : "";
    return [
      element("h5", {}, title + some),
      element("ul", { class: "explorer-images small" }, ...items),
    ];
  }
}
