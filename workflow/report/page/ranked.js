// What a model makes of an image: its classes, the likeliest first.

import { element, table } from "./dom.js";

/**
 * @typedef {import("./predict.js").Model} Model
 * @typedef {import("./predict.js").Prediction} Prediction
 * @typedef {{ place: number, share: number, text: string }} Ranked
 *   A class, the length of its bar, 0 to 1, and its number in words.
 */

const MOST = 10;

/**
 * Rank the classes of a prediction, the highest first; of equal ones the label, then the first.
 * @param {Model} model
 * @param {Prediction} prediction
 * @returns {Ranked[]}
 */
export function ranked(model, { label, scores }) {
  const measure = measured(model, scores);
  return scores
    .map((score, place) => ({ place, ...measure(score) }))
    .sort((a, b) => b.share - a.share || Number(b.place === label) - Number(a.place === label) || a.place - b.place);
}

/**
 * How a kind of model says how sure it is.
 * @param {Model} model
 * @param {number[]} scores
 * @returns {(score: number) => { share: number, text: string }}
 */
function measured({ kind, scheme, k }, scores) {
  if (kind === "mlp" || kind === "convnet") return (score) => ({ share: score, text: score.toFixed(3) });
  const votes = most(kind, scheme, k, scores.length);
  if (votes) return (score) => ({ share: score / votes, text: `${score} of ${votes}` });
  const low = Math.min(...scores);
  const range = Math.max(...scores) - low || 1;
  return (score) => ({ share: (score - low) / range, text: ((score - low) / range).toFixed(2) });
}

/**
 * The votes that a class can have; 0 where there is no voting.
 * @param {string} kind
 * @param {string | undefined} scheme
 * @param {number} k
 * @param {number} classes
 */
function most(kind, scheme, k, classes) {
  if (kind === "knn") return k;
  if (scheme === "one-vs-one") return 2 * (classes - 1);
  return scheme === "one-vs-one-unordered" ? classes - 1 : 0;
}

/** @param {Model} model */
function unit({ kind, scheme }) {
  if (kind === "mlp" || kind === "convnet") return "probability";
  if (kind === "knn") return "nearest neighbours";
  return scheme === "one-vs-rest" ? "score, from 0 (lowest) to 1 (highest)" : "pairs won";
}

/**
 * Show the classes as bars.
 * @param {HTMLElement} place
 * @param {Model} model
 * @param {string[]} classes
 * @param {Prediction} prediction
 */
export function showRanked(place, model, classes, prediction) {
  const all = ranked(model, prediction);
  const rows = all.slice(0, MOST).map(({ place: own, share, text }) => {
    const bar = element("div", { class: "draw-bar", "aria-hidden": "true" });
    bar.style.width = `${100 * share}%`;
    const name = own === prediction.label ? element("strong", {}, classes[own]) : classes[own];
    return [name, text, bar];
  });
  const name = `${model.title}, ${model.size}×${model.size}`;
  const left = all.length - rows.length;
  place.replaceChildren(
    element("h3", {}, name),
    table(`Classes as ${name} ranks them`, ["class", unit(model), ""], rows, "draw-ranked"),
    left > 0 && element("p", { class: "note" }, `And ${left} more classes below these.`) || "",
  );
}
