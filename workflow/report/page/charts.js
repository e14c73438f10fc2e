// Line charts: a mean, and a band from the lowest to the highest.

import { element, svg } from "./dom.js";

/**
 * @typedef {object} Series
 * @property {number[]} mean
 * @property {number[]} low
 * @property {number[]} high
 * @property {string} title
 * @property {string} kind A class.
 */

const WIDTH = 420;
const HEIGHT = 250;
const MARGIN = { left: 52, right: 12, top: 12, bottom: 42 };

/**
 * Map numbers from a domain to a range, linearly or by logarithms; a domain of one number to the
 * range's middle.
 * @param {number[]} domain
 * @param {number[]} range
 * @param {boolean} [logarithmic]
 * @returns {(value: number) => number}
 */
export function scale([low, high], [start, end], logarithmic = false) {
  const place = logarithmic ? Math.log : (/** @type {number} */ x) => x;
  const length = place(high) - place(low);
  if (!(length > 0)) return () => (start + end) / 2;
  return (value) => start + ((place(value) - place(low)) / length) * (end - start);
}

/**
 * Round numbers within a domain.
 * @param {number} low
 * @param {number} high
 * @param {number} [most]
 */
export function ticks(low, high, most = 6) {
  if (!(high > low)) return [low];
  const rough = (high - low) / Math.max(1, most - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step =
    [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough * (1 - 1e-9)) ?? 10 * power;
  const found = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i += 1) {
    found.push(Number((i * step).toPrecision(12)));
  }
  return found;
}

/**
 * Powers of ten within a domain above 0, with 2 and 5 times them where there are few.
 * @param {number} low
 * @param {number} high
 */
export function logTicks(low, high) {
  const decades = Math.log10(high / low);
  const within = decades < 1.5 ? [1, 2, 3, 5] : decades < 3.2 ? [1, 2, 5] : [1];
  const found = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += 1) {
    for (const m of within) {
      const value = Number((m * 10 ** power).toPrecision(12));
      if (value >= low && value <= high) found.push(value);
    }
  }
  return found.length ? found : [low];
}

/**
 * A path through points; a gap where a number is missing.
 * @param {number[]} x
 * @param {number[]} y
 */
export function linePath(x, y) {
  let path = "";
  let drawn = false;
  x.forEach((at, i) => {
    const known = Number.isFinite(y[i]);
    if (known) path += `${drawn ? "L" : "M"}${round(at)},${round(y[i])}`;
    drawn = known;
  });
  return path;
}

/**
 * The outline of a band; one for each stretch without missing numbers.
 * @param {number[]} x
 * @param {number[]} low
 * @param {number[]} high
 */
export function bandPath(x, low, high) {
  let path = "";
  for (let i = 0; i < x.length; i += 1) {
    if (!Number.isFinite(low[i])) continue;
    let end = i;
    while (end < x.length && Number.isFinite(low[end])) end += 1;
    const there = x.slice(i, end).map((at, j) => `${round(at)},${round(high[i + j])}`);
    const back = x.slice(i, end).map((at, j) => `${round(at)},${round(low[i + j])}`);
    path += `M${there.join("L")}L${back.reverse().join("L")}Z`;
    i = end;
  }
  return path;
}

/**
 * Numbers without neighbours, of which no line is drawn.
 * @param {number[]} values
 */
export function alone(values) {
  return values.flatMap((value, i) =>
    Number.isFinite(value) && !Number.isFinite(values[i - 1]) && !Number.isFinite(values[i + 1])
      ? [i]
      : [],
  );
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 100) / 100;
}

/**
 * Draw series against an axis of steps.
 * @param {{name: string, x: number[], series: Series[], xLabel: string, yLabel: string,
 *   top?: number, line?: {value: number, label: string}}} chart Its accessible name and content;
 *   `top` is the end of the vertical axis, else that of the data.
 */
export function lineChart({ name, x, series, xLabel, yLabel, top, line }) {
  const values = series.flatMap((s) => s.high).filter(Number.isFinite);
  const highest = top ?? Math.max(...values, 0);
  const lowest = Math.min(...series.flatMap((s) => s.low).filter(Number.isFinite), 0);
  const yTicks = ticks(lowest, highest || (lowest ? 0 : 1));
  const logarithmic = x[0] >= 1 && x[x.length - 1] > x[0];
  const domain = [x[0], x[x.length - 1]];
  const xTicks = logarithmic ? logTicks(domain[0], domain[1]) : ticks(domain[0], domain[1]);
  const right = WIDTH - MARGIN.right;
  const bottom = HEIGHT - MARGIN.bottom;
  const across = scale(domain, [MARGIN.left, right], logarithmic);
  const ends = [Math.min(lowest, yTicks[0]), Math.max(highest, yTicks[yTicks.length - 1])];
  const up = scale(ends, [bottom, MARGIN.top]);
  const places = x.map(across);
  const drawing = svg("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    role: "img",
    "aria-label": name,
    class: "explorer-chart",
  });
  for (const tick of yTicks) {
    const y = up(tick);
    drawing.append(
      svg("line", { class: "grid", x1: MARGIN.left, x2: right, y1: y, y2: y }),
      svg("text", { x: MARGIN.left - 6, y: y + 4, "text-anchor": "end" }, short(tick)),
    );
  }
  for (const tick of xTicks) {
    const at = across(tick);
    drawing.append(
      svg("line", { class: "axis", x1: at, x2: at, y1: bottom, y2: bottom + 4 }),
      svg("text", { x: at, y: bottom + 17, "text-anchor": "middle" }, short(tick)),
    );
  }
  drawing.append(
    svg("line", { class: "axis", x1: MARGIN.left, x2: right, y1: bottom, y2: bottom }),
  );
  if (line) {
    const y = up(line.value);
    drawing.append(
      svg("line", { class: "reference", x1: MARGIN.left, x2: right, y1: y, y2: y }),
      svg("text", { x: right, y: y - 4, "text-anchor": "end", class: "note" }, line.label),
    );
  }
  for (const { low, high, kind } of series) {
    drawing.append(
      svg("path", { class: `band ${kind}`, d: bandPath(places, low.map(up), high.map(up)) }),
    );
  }
  for (const { mean, kind } of series) {
    drawing.append(svg("path", { class: `line ${kind}`, d: linePath(places, mean.map(up)) }));
    for (const i of alone(mean)) {
      drawing.append(svg("circle", { class: `dot ${kind}`, cx: places[i], cy: up(mean[i]), r: 3 }));
    }
  }
  const middle = (MARGIN.top + bottom) / 2;
  drawing.append(
    svg(
      "text",
      { x: (MARGIN.left + right) / 2, y: HEIGHT - 6, "text-anchor": "middle" },
      logarithmic ? `${xLabel} (logarithmic)` : xLabel,
    ),
    svg(
      "text",
      { transform: `translate(13 ${middle}) rotate(-90)`, "text-anchor": "middle" },
      yLabel,
    ),
  );
  if (series.length < 2) return drawing;
  const key = series.map(({ title, kind }) =>
    element("li", {}, element("span", { class: `explorer-key ${kind}` }), title),
  );
  return element("div", {}, drawing, element("ul", { class: "explorer-legend" }, ...key));
}

/** @param {number} tick */
function short(tick) {
  if (Math.abs(tick) >= 1e4)
    return `${Number((tick / 1e3).toPrecision(4)).toLocaleString("en-GB")}k`;
  return String(tick);
}
