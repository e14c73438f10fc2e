// Charts of Vega-Lite, as fewpixels/page/charts.py specifies them.

import { element } from "./dom.js";

/**
 * A drawn chart: Vega's view, as far as the page uses it.
 * @typedef {object} View
 * @property {(name: string, value: any) => View} signal Set a parameter.
 * @property {(name: string, rows: object[]) => View} data Replace a named set of data.
 * @property {() => Promise<View>} runAsync Draw what was set.
 * @property {() => View} resize
 * @property {() => void} finalize
 * @property {(type: string, listen: (event: Event, item: any) => void) => View} addEventListener
 */

/**
 * Draw a chart of the page in the place of its picture.
 * @param {Element} within What holds it.
 * @param {string} name Of the chart, as its template says.
 * @returns {Promise<View>}
 */
export async function drawn(within, name) {
  const chart = within.querySelector(`[data-chart="${name}"]`);
  const place = chart?.querySelector(".chart-drawn");
  if (!chart || !place) throw new Error(`the page has no chart ${name}`);
  return embedded(place, JSON.parse(chart.querySelector("script")?.textContent ?? ""));
}

/**
 * Draw a chart in a place.
 * @param {Element} place Its name for those who do not see it is the place's.
 * @param {any} specification
 * @returns {Promise<View>}
 */
export async function embedded(place, specification) {
  // The bundle of Vega sets it, since it exports nothing.
  const { vegaEmbed } = /** @type {any} */ (window);
  // Vega names its element itself; what holds it keeps the name that the page gave.
  const inner = element("div", { class: "chart-inner", "aria-hidden": "true" });
  place.replaceChildren(inner);
  return (await vegaEmbed(inner, specification, { actions: false, renderer: "svg" })).view;
}
