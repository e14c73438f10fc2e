// What the explorer shows of one trained model.

import { downscale } from "./digit.js";
import { SUBSETS } from "./curves.js";
import { block, element, scrolling, table } from "./dom.js";
import { count, interval, listed, plain, share } from "./numbers.js";
import { part } from "./pairs.js";
import { brightness, picture, weightPicture } from "./pictures.js";

/** @typedef {import("./pairs.js").Explorer} Explorer */
/** @typedef {import("./pairs.js").Cell} Cell */
/** @typedef {import("./explorer.js").Images} Images */
/** @typedef {import("./explorer.js").Models} Models */

const FRESH = 2;

/**
 * Show a cell.
 * @param {Record<string, HTMLElement>} places title, lead, accuracy and rest
 * @param {Explorer} explorer
 * @param {number} at Number of the cell.
 * @param {Images} images
 * @param {Models} models
 */
export function showCell(places, explorer, at, images, models) {
  const { record } = explorer;
  const cell = record.cells[at];
  const [model, split] = [record.models[cell.model], record.splits[cell.split]];
  const title = `${model.title}, ${cell.size}×${cell.size} pixels, ${split.title}`;
  const weights = element("div", { class: "explorer-part" });
  places.title.textContent = title;
  places.lead.textContent = lead(explorer, at);
  places.accuracy.replaceChildren(accuracy(explorer, at));
  places.rest.replaceChildren(
    element("div", { class: "explorer-parts" }, confusions(explorer, cell), costs(explorer, cell)),
    mistakes(explorer, cell, images),
    weights,
  );
  void showWeights(weights, explorer, cell, models);
}

/**
 * @param {Explorer} explorer
 * @param {number} at
 */
function lead({ record, arrays }, at) {
  const cell = record.cells[at];
  const [mean] = part(arrays.accuracy, at, FRESH);
  const lost = replicates(part(arrays.lost, cell.fit));
  if (lost.length === record.replicates) return "Every replicate diverged, and labels nothing.";
  const kept = record.replicates - lost.length;
  const over = kept > 1 ? `, the mean of ${kept} replicates` : ", in one replicate";
  const ends = interval(part(arrays.interval, at, FRESH));
  const within = ends ? ` (95% interval ${ends})` : "";
  let text = `Labels ${share(mean)} of the never-seen images right${within}${over}.`;
  const balanced = cell.balanced?.[FRESH];
  if (balanced) {
    const chance = record.splits[cell.split].chance[FRESH];
    text += ` Balanced by class that is ${withEnds(balanced)}; always naming the commonest class `;
    text += `labels ${share(chance)} right.`;
  }
  if (lost.length) {
    const named = lost.length > 1 ? `Replicates ${listed(lost)}` : `Replicate ${lost[0]}`;
    const are = lost.length > 1 ? "are" : "is";
    text += ` ${named} diverged, and ${are} left out of means, intervals and counts.`;
  }
  return text;
}

/**
 * An accuracy, with its interval if there is one.
 * @param {[number, number | null, number | null]} of
 */
function withEnds([mean, low, high]) {
  return low === null || high === null ? share(mean) : `${share(mean)} (${interval([low, high])})`;
}

/**
 * The replicates that diverged.
 * @param {number[]} lost
 */
export function replicates(lost) {
  return lost.flatMap((own, r) => (own ? [r] : []));
}

/**
 * @param {Explorer} explorer
 * @param {number} at
 */
function accuracy({ record, arrays }, at) {
  const cell = record.cells[at];
  const { about, tested } = record.splits[cell.split];
  /** @type {import("./dom.js").Child[][]} */
  const intervals = [];
  const rows = SUBSETS.flatMap((name, i) => {
    if (!cell.images[i]) return [];
    const [mean, sd, low, high] = part(arrays.accuracy, at, i);
    const questions = i === FRESH ? [2, 3] : [i];
    const head = `${name} (${count(cell.images[i])})`;
    const ends = questions.map((q) => interval(part(arrays.interval, at, q)));
    questions.forEach((q, j) => ends[j] && intervals.push([head, ends[j], about[q]]));
    const own = cell.balanced?.[i];
    const balanced = cell.balanced ? [own ? withEnds(own) : "–"] : [];
    const spread = record.replicates > 1 ? [share(sd), interval([low, high]) || "–"] : [];
    return [[head, share(mean), ends.find(Boolean) || "–", ...spread, ...balanced]];
  });
  const several = record.replicates > 1;
  const heads = ["Images", several ? "Mean" : "Accuracy", "95% interval"];
  if (several) heads.push("SD", "Lowest to highest");
  if (cell.balanced) heads.push(several ? "Mean, balanced by class" : "Balanced by class");
  const notes = [];
  if (cell.images[1] && !tested) {
    notes.push(
      "Test images of this split can be training images too, so accuracy there is partly memory.",
    );
  }
  if (!several) notes.push("A single replicate shows no spread, so most intervals are missing.");
  return block(
    "Accuracy",
    table("Accuracy on each set of images", heads, rows, "numbers"),
    notes.length ? element("p", { class: "explorer-note" }, notes.join(" ")) : null,
    intervals.length ? furtherIntervals(intervals) : null,
  );
}

/**
 * All intervals, with what each is for.
 * @param {import("./dom.js").Child[][]} rows
 */
function furtherIntervals(rows) {
  const summary = element("summary", {}, "What the intervals are for, and others");
  const heads = ["Images", "95% interval", "Where the accuracy would lie in"];
  return element("details", {}, summary, table("95% intervals, by question", heads, rows, "numbers"));
}

/**
 * @param {Explorer} explorer
 * @param {Cell} cell
 */
function costs({ record }, cell) {
  const fit = record.fits[cell.fit];
  const rows = [
    ["Parameters", fit.parameters],
    ["Multiplications to label an image", fit.multiplications],
    ["Bytes", fit.bytes],
  ].flatMap(([name, value]) => (typeof value === "number" ? [[String(name), count(value)]] : []));
  if (cell.chosen) {
    const [low, median, high] = cell.chosen.map(plain);
    const what = cell.sweep ? "k chosen on validation images" : "Chosen on validation images";
    rows.push([what, low === high ? median : `${median} (${low} to ${high})`]);
  }
  const content = rows.length
    ? table("What the model costs", ["Cost", "Number"], rows, "numbers")
    : element(
        "p",
        {},
        fit.honest ? "Not counted for this model." : `Counted for one split only: ${record.honest}.`,
      );
  return block("Cost", content);
}

/**
 * @param {Explorer} explorer
 * @param {Cell} cell
 */
function confusions({ record, arrays }, cell) {
  const { confused_fresh: fresh, confused_test: test } = arrays;
  if (!fresh) {
    const many = `${record.classes.length} classes and ${record.cells.length} trained models`;
    const note = `Left out of this page: ${many} are too many for it.`;
    return block("Confusion matrix", element("p", {}, note));
  }
  const own = part(fresh, cell.fit);
  if (!own.some((n) => n > 0))
    return block("Confusion matrix", element("p", {}, "Every replicate diverged."));
  const summed = record.replicates > 1 ? ", summed over replicates" : "";
  const note =
    `Images of each true class (row) by label (column)${summed}; the stronger the shade, the ` +
    "larger the share of the row.";
  /** @type {HTMLElement[]} */
  const content = [
    element("p", { class: "explorer-note" }, note),
    matrix("On never-seen images", own, record.classes),
  ];
  if (test && cell.test !== undefined) {
    const tested = matrix("On test images", part(test, cell.test), record.classes);
    content.push(element("details", {}, element("summary", {}, "On test images"), tested));
  }
  return block("Confusion matrix, on never-seen images", ...content);
}

/**
 * A confusion matrix as a table.
 * @param {string} name
 * @param {number[]} counts Row by row.
 * @param {string[]} classes
 * @param {(count: number, row: number) => string|number} [write] What an entry reads, of its row's sum.
 */
export function matrix(name, counts, classes, write = (n) => n) {
  const C = classes.length;
  const long = classes.some((c) => c.length > 4);
  const head = (/** @type {string} */ c) =>
    element(
      "th",
      { scope: "col", title: c, class: long ? "upright" : null },
      element("span", {}, c),
    );
  const rows = classes.map((c, i) => {
    const row = counts.slice(i * C, (i + 1) * C);
    const sum = row.reduce((a, b) => a + b, 0);
    const cells = row.map((n, j) => {
      const strength = sum ? Math.round(100 * Math.sqrt(n / sum)) : 0;
      const told = n ? `${share(n / sum)} of ${c} labelled ${classes[j]}` : null;
      const kind = n === 0 ? "none" : i === j ? "right" : "wrong";
      return element("td", { class: kind, style: `--share: ${strength}%`, title: told }, write(n, sum));
    });
    return element("tr", {}, element("th", { scope: "row", title: c }, c), ...cells);
  });
  const corner = element("td", { class: "corner" }, "true ↓", element("br"), "label →");
  return scrolling(
    `Confusion matrix. ${name}`,
    element(
      "table",
      { class: "explorer-matrix" },
      element("caption", { class: "unseen" }, `Confusion matrix. ${name}`),
      element("thead", {}, element("tr", {}, corner, ...classes.map(head))),
      element("tbody", {}, ...rows),
    ),
  );
}

/**
 * @param {Explorer} explorer
 * @param {Cell} cell
 * @param {Images} images
 */
function mistakes({ record, arrays }, cell, images) {
  const places = part(arrays.wrong, cell.fit);
  const labels = part(arrays.wrong_labels, cell.fit);
  const margins = part(arrays.wrong_margins, cell.fit);
  const limits = brightness(images.pixels);
  const items = places.flatMap((image, i) => {
    if (image < 0) return [];
    const [truth, label] = [record.classes[images.labels[image]], record.classes[labels[i]]];
    const told = `${truth} labelled ${label}`;
    return [
      element(
        "li",
        {},
        ...atBothSizes(images, image, cell.size, limits),
        element("div", {}, told),
        element("small", {}, ahead(margins[i], record.models[cell.model].voters, cell.first)),
      ),
    ];
  });
  const title = "Most confidently wrong";
  if (arrays.lost.data[cell.fit * record.replicates]) {
    return block(title, element("p", {}, "Replicate 0 diverged, and labels nothing."));
  }
  if (!items.length)
    return block(
      title,
      element("p", {}, "Replicate 0 labels every never-seen image of this page right."),
    );
  const note =
    "Never-seen images of this page that replicate 0 labels wrong, the surest first: those whose top " +
    `score is furthest ahead of the second. Each is shown whole and at ${cell.size}×${cell.size}. ` +
    "Of equal ones those come first that most replicates label so.";
  return block(
    title,
    element("p", { class: "explorer-note" }, note),
    element("ul", { class: "explorer-images" }, ...items),
  );
}

/**
 * By how much a label won.
 * @param {number} margin
 * @param {string} voters
 * @param {number} [count] Of the voters.
 */
export function ahead(margin, voters, count) {
  if (!voters || !count) return `score ${plain(margin)} ahead`;
  if (count === 1) return "by a single vote";
  return margin === count ? `all ${count} ${voters} agree` : `${margin} votes of ${count} ahead`;
}

/**
 * An image in full, and as a model of some size sees it.
 * @param {Images} images
 * @param {number} image
 * @param {number} size
 * @param {number[]} limits
 */
export function atBothSizes({ pixels, side }, image, size, limits) {
  const own = Array.prototype.slice.call(pixels, image * side * side, (image + 1) * side * side);
  const whole = picture(own, side, limits);
  return size === side ? [whole] : [whole, picture(downscale(own, side, size), size, limits)];
}

/**
 * @param {HTMLElement} place
 * @param {Explorer} explorer
 * @param {Cell} cell
 * @param {Models} models
 */
async function showWeights(place, { record }, cell, models) {
  const { name } = record.models[cell.model];
  const found = record.fits[cell.fit].honest
    ? await models.weightImages({ name, size: cell.size })
    : null;
  place.append(element("h4", {}, "Learned weights"));
  if (!found) {
    place.append(
      element(
        "p",
        {},
        "This page has no weights of this model that are images: the model has none for single " +
          "pixels, or the page leaves them out.",
      ),
    );
    return;
  }
  const items = found.images.map((weights, i) =>
    element("li", {}, weightPicture(weights, found.side), element("div", {}, found.titles[i])),
  );
  const legend = element(
    "p",
    { class: "explorer-note" },
    "Of replicate 0, each on its own scale: ",
    element("span", { class: "explorer-scale", "aria-hidden": "true" }),
    " orange is below 0, blue above, and 0 the colour of the page. ",
    "Ink, or brightness in photographs, raises the score of what stands below where blue, and lowers " +
      "it where orange.",
  );
  place.append(legend, element("ul", { class: "explorer-images weights" }, ...items));
}
