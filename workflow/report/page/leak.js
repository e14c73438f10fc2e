// The leak: test images that are copies of training images, and accuracy with and without them.

import { choose, chosen, onChange } from "./address.js";
import { downscale } from "./digit.js";
import { element } from "./dom.js";
import { interval, several, share } from "./numbers.js";
import { picture } from "./pictures.js";

/**
 * Of a model at a size, as fewpixels/page/leak.py gathers it.
 * @typedef {{ model: string, title: string, size: number, published: number|null, test: number|null,
 *   copies: number|null, others: number|null, fresh: number|null, spread: number|null, interval: number[]|null,
 *   images: { test: number, copies: number, others: number, fresh: number } }} Figures
 * @typedef {{ actual: number, label: number, copy: boolean }} Shown A test image: its class, its
 *   label, and whether it is a training image.
 */

/** The share of copies that are right, above which they are learned by heart. */
const LEARNED = 0.99;

/**
 * What the copies were worth, in sentences.
 * @param {Figures} own
 * @param {boolean} hidden Whether copies are hidden.
 */
export function told({ title, size, copies, others, spread, test, fresh, interval: ends }, hidden) {
  if (test === null) return "The training of this model diverged.";
  const here = `${title}, ${size}×${size} pixels`;
  if (copies === null || others === null) return `${here}: ${share(test)} of the test images are right.`;
  const known = interval(ends);
  const never = fresh === null ? "" : ` On images never seen it is ${share(fresh)}${known && ` (${known})`}.`;
  // Two standard errors: less may be chance.
  if (copies - others > 2 * (spread ?? 0)) {
    const why = copies > LEARNED ? ", since it has learned them," : "";
    const together = hidden ? "" : ` Together that reads ${share(test)}.`;
    return `${here}: ${share(copies)} of the copies are right${why} and ${share(others)} of the others.${together}${never}`;
  }
  const better = copies > others ? "hardly better" : "no better";
  return (
    `${here}: the copies are labelled ${better} than the others, ${share(copies)} and ` +
    `${share(others)}. Here the leak brings little.${never}`
  );
}

/**
 * How many of the images of the first replicate remain, and how many are right.
 * @param {Shown[]} images
 * @param {boolean} hidden Whether copies are hidden.
 */
export function remaining(images, hidden) {
  const left = images.filter(({ copy }) => !hidden || !copy);
  return { images: left.length, right: left.filter((own) => own.label === own.actual).length };
}

/**
 * @param {HTMLElement} section
 * @param {import("./payload.js").Pack} pack
 */
export function start(section, { record, arrays }) {
  /** @type {Figures[]} */
  const figures = record.figures;
  /** @type {string[]} */
  const names = record.classes;
  const n = arrays.classes.shape[0];
  const area = record.side ** 2;
  const form = /** @type {HTMLFormElement} */ (section.querySelector("form"));
  const [model, size] = /** @type {HTMLSelectElement[]} */ ([...form.querySelectorAll("select")]);
  const find = (/** @type {string} */ name) =>
    /** @type {HTMLElement} */ (section.querySelector(`[data-leak=${name}]`));
  /**
   * An image as the chosen model sees it.
   * @param {number} i
   */
  function canvas(i) {
    const image = arrays.pixels.data.subarray(i * area, (i + 1) * area);
    const seen = Math.min(Number(size.value), record.side);
    return picture(downscale(image, record.side, seen), seen, [0, 255]);
  }

  let hidden = false;

  /** The figures chosen; of a model that lacks the size, at its largest. */
  function figured() {
    const own = figures.filter(({ title }) => title === model.value);
    return own.find((candidate) => candidate.size === Number(size.value)) ?? own[0];
  }

  /** @param {Figures} own @returns {Shown[]} */
  function images(own) {
    const [row, at] = [figures.indexOf(own), record.sizes.indexOf(own.size)];
    return Array.from({ length: n }, (_, i) => ({
      actual: arrays.classes.data[i],
      label: arrays.labels.data[row * n + i],
      copy: arrays.copies.data[at * n + i] === 1,
    }));
  }

  /** @param {Shown} image @param {number} i */
  function item({ actual, label, copy }, i) {
    const away = copy && hidden;
    const kind = [copy && "leak-copy", away && "leak-hidden"].filter(Boolean).join(" ");
    const called = names[label] ?? "nothing";
    const words = `${names[actual]}, ${copy ? "a copy" : "not trained on"}, labelled ${called}`;
    return element(
      "li",
      { class: kind, "aria-hidden": away ? "true" : null },
      canvas(i),
      element("span", { class: "unseen" }, words),
      label !== actual && element("span", { class: "leak-wrong", "aria-hidden": "true" }, `✗ ${called}`),
    );
  }

  function show() {
    const own = figured();
    size.value = String(own.size);
    const all = images(own);
    find("images").replaceChildren(...all.map(item));
    find("hide").setAttribute("aria-pressed", String(hidden));
    find("published").hidden = own.published === null;
    const [published] = find("published").getElementsByTagName("dd");
    published.textContent = own.published === null ? "" : own.published.toFixed(2);
    find("with").textContent = hidden ? "without the copies" : "with the copies";
    find("accuracy").textContent = share(hidden ? own.others : own.test);
    find("fresh").textContent = share(own.fresh);
    find("caption").textContent = told(own, hidden);
    const left = remaining(all, hidden);
    const counted = hidden ? own.images.others : own.images.test;
    find("note").textContent =
      (record.replicates > 1
        ? `The numbers are means over ${record.replicates} replicates, ${several(counted, "image")} in all; ` +
          "the images are those of the first. "
        : `Of one replicate, ${several(counted, "image")}. `) +
      `Shown ${left.images === 1 ? "is" : "are"} ${several(left.images, "image")}, ${left.right} of them right` +
      (own.images.fresh > left.images
        ? `: few, which is why ${several(own.images.fresh, "image")} never seen stand beside them. `
        : ". ") +
      "✗ and a label mark those that are wrong.";
  }

  /** @param {Record<string, string>} own */
  function follow({ leaked, copies }) {
    const [name, side] = (leaked ?? "").split("/");
    const known = figures.find((f) => f.model === name && String(f.size) === side);
    if (known) [model.value, size.value] = [known.title, side];
    if (copies) hidden = copies === "hidden";
    show();
  }

  function note() {
    const own = figured();
    choose("leak", { leaked: `${own.model}/${own.size}`, copies: hidden ? "hidden" : "" });
    show();
  }

  find("hide").addEventListener("click", () => {
    hidden = !hidden;
    note();
  });
  form.addEventListener("change", note);
  form.addEventListener("submit", (event) => event.preventDefault());
  onChange(follow);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  follow(chosen());
}
