// The ladder: one change at a time, its line and its confusion matrix together.

import { choose, chosen, onChange } from "./address.js";
import { matrix } from "./cell.js";
import { drawn } from "./chart.js";
import { element, table } from "./dom.js";
import { confusion, finding, gains, telling } from "./gains.js";
import { interval, percent, share, signed } from "./numbers.js";
import { part } from "./pairs.js";

/** @typedef {import("./pairs.js").Explorer} Explorer */
/** @typedef {{name: string, label: string, said: string, means: string,
 *   below: number|null, cells: [number, number][]}} Step */
/** @typedef {{ladder: number, step: number, size: number}} State */

/**
 * Start the section.
 * @param {HTMLElement} section
 * @param {Explorer} explorer
 */
export async function start(section, explorer) {
  const find = (/** @type {string} */ name) => found(section, `[data-ladder="${name}"]`);
  /** @type {{guessing: number, ladders: Step[][], kinds: string[]}} */
  const { guessing, ladders, kinds } = JSON.parse(find("ladders").textContent ?? "");
  const which = /** @type {HTMLSelectElement|null} */ (
    section.querySelector("[data-ladder=which]")
  );
  const sizes = /** @type {HTMLSelectElement} */ (find("size"));
  const [previous, next] = /** @type {HTMLButtonElement[]} */ ([find("previous"), find("next")]);
  /** @type {State} */
  let state = { ladder: 0, step: 0, size: 0 };
  let shown = -1;

  found(section, ".ladder-live").hidden = false;
  const view = await drawn(section, "ladder");

  /** Sizes of all steps of a ladder, the largest first. */
  function sizesOf(/** @type {number} */ ladder) {
    const all = ladders[ladder].flatMap(({ cells }) => cells.map(([size]) => size));
    return [...new Set(all)].sort((a, b) => b - a);
  }

  /** The size to begin at. */
  function begun(/** @type {number} */ ladder) {
    const steps = ladders[ladder];
    return telling(gains(explorer, steps[steps.length - 1].cells, steps[0].cells));
  }

  /** What the address says, as far as it names what there is. */
  function named(/** @type {Record<string, string>} */ own) {
    const ladder = Math.max(0, ladders.findIndex(([first]) => first.name === own.ladder));
    const step = Math.max(0, ladders[ladder].findIndex(({ name }) => name === own.rung));
    const size = Number(own["rung-size"]);
    return { ladder, step, size: sizesOf(ladder).includes(size) ? size : begun(ladder) };
  }

  /** @param {Partial<State>} to */
  function go(to) {
    show({ ...state, ...to });
    const steps = ladders[state.ladder];
    choose("ladder", {
      ladder: which ? steps[0].name : "",
      rung: steps[state.step].name,
      "rung-size": String(state.size),
    });
  }

  /** @param {State} to */
  function show(to) {
    state = to;
    const steps = ladders[state.ladder];
    if (shown !== state.ladder) fill(steps);
    shown = state.ladder;
    radios()[state.step].checked = true;
    // Not disabled, which would take the focus from them.
    previous.setAttribute("aria-disabled", String(state.step === 0));
    next.setAttribute("aria-disabled", String(state.step === steps.length - 1));
    sizes.value = String(state.size);
    const { name, said, means, below, cells } = steps[state.step];
    const all = gains(explorer, cells, below === null ? [] : steps[below].cells);
    find("said").textContent = `${said} ${finding(all, guessing)}`;
    find("means").textContent = means;
    find("gains").replaceChildren(tabulated(all, below));
    const { words, drawing } = confused(explorer, new Map(cells).get(state.size), state.size);
    find("confused").textContent = words;
    find("matrix").replaceChildren(...drawing);
    const earlier = steps.slice(0, state.step).map((one) => one.name);
    view.signal("now", name).signal("earlier", earlier).signal("size", state.size);
    void view.runAsync();
  }

  function radios() {
    return /** @type {NodeListOf<HTMLInputElement>} */ (
      section.querySelectorAll(".ladder-step input")
    );
  }

  /** @param {Step[]} steps */
  function fill(steps) {
    const labels = steps.map(({ label }, i) => {
      const radio = element("input", { type: "radio", name: "ladder-step", value: i });
      radio.addEventListener("change", () => go({ step: i }));
      return element("label", { class: "ladder-step" }, radio, `${i + 1}. ${label}`);
    });
    find("steps").replaceChildren(...labels);
    const options = sizesOf(state.ladder).map((s) => element("option", { value: s }, `${s}×${s}`));
    sizes.replaceChildren(...options);
    if (which) which.value = String(state.ladder);
    find("kinds").textContent = kinds[state.ladder];
  }

  which?.addEventListener("change", () => {
    const ladder = Number(which.value);
    go({ ladder, step: 0, size: begun(ladder) });
  });
  sizes.addEventListener("change", () => go({ size: Number(sizes.value) }));
  for (const [button, step] of /** @type {const} */ ([[previous, -1], [next, 1]])) {
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-disabled") === "false") go({ step: state.step + step });
    });
  }
  view.addEventListener("click", (_, item) => {
    if (item?.datum?.size) go({ size: item.datum.size });
  });
  onChange((own) => show(named(own)));
  show(named(chosen()));
}

/**
 * Accuracy by size, and what was gained.
 * @param {import("./gains.js").Gain[]} all
 * @param {number|null} below The step that it is compared with.
 */
function tabulated(all, below) {
  const compared = below !== null;
  const ranged = all.some((own) => own.interval);
  const heads = ["Pixels", "Accuracy"];
  if (compared) heads.push(`Gain over step ${below + 1}`);
  if (ranged) heads.push("95% interval");
  const rows = all.map(({ size, accuracy, gain, interval: ends }) => [
    `${size}×${size}`,
    share(accuracy),
    ...(compared ? [signed(gain)] : []),
    ...(ranged ? [interval(ends, signed) || "–"] : []),
  ]);
  return table("Accuracy of this step by pixels a side", heads, rows, "numbers");
}

/**
 * A cell's confusion matrix, with what stands out in it.
 * @param {Explorer} explorer
 * @param {number|undefined} cell
 * @param {number} size
 * @returns {{words: string, drawing: HTMLElement[]}}
 */
function confused({ record, arrays }, cell, size) {
  const none = (/** @type {string} */ words) => ({ words, drawing: [] });
  const at = `${size}×${size}`;
  if (cell === undefined) return none(`This step was not trained at ${at}.`);
  if (!arrays.confused_fresh) {
    return none(`Of ${record.classes.length} classes the matrix is too large for this page.`);
  }
  const counts = part(arrays.confused_fresh, record.cells[cell].fit);
  if (!counts.some((n) => n > 0)) return none("Every replicate diverged.");
  const write = (/** @type {number} */ n, /** @type {number} */ sum) =>
    percent(n / (sum || 1)).replace(/^0%$/, "");
  return {
    words:
      `At ${at}, ${confusion(counts, record.classes)} Rows are true classes, columns labels; ` +
      "what rounds to 0% is left blank.",
    drawing: [matrix(`Of this step at ${at}, never-seen images`, counts, record.classes, write)],
  };
}

/**
 * @param {Element} within
 * @param {string} selector
 * @returns {HTMLElement}
 */
function found(within, selector) {
  const one = within.querySelector(selector);
  if (!(one instanceof HTMLElement)) throw new Error(`the page has no ${selector}`);
  return one;
}
