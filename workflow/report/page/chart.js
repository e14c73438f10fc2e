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
 * What a chart shows, by the names of its data and of its parameters.
 * @typedef {{data: Record<string, object[]>, parameters: Record<string, any>}} Shown
 */

/**
 * Draw a chart of the page in the place of its picture.
 * @param {Element} within What holds it.
 * @param {string} name Of the chart, as its template says.
 * @returns {Promise<View>}
 */
export async function drawn(within, name) {
  const { place, specification } = named(within, name);
  return embedded(place, specification());
}

/**
 * Draw a chart of the page with data that change, only while it is in sight.
 * @param {Element} within
 * @param {string} name
 * @returns {(shown: Shown) => void} Gives it other data.
 */
export function inSight(within, name) {
  const { place, specification } = named(within, name);
  /** @type {Promise<View>|undefined} */
  let view;
  /** @type {Shown|null} */
  let waiting = null;
  let seen = false;

  async function draw() {
    if (!seen || !waiting) return;
    const { data, parameters } = waiting;
    waiting = null;
    if (!view) {
      const { datasets, ...rest } = specification();
      view = embedded(place, { ...rest, datasets: { ...datasets, ...data } });
    }
    const own = await view;
    for (const [set, rows] of Object.entries(data)) own.data(set, rows);
    for (const [key, value] of Object.entries(parameters)) own.signal(key, value);
    // It may have been hidden when the window changed.
    await own.signal("width", place.clientWidth).runAsync();
  }

  const near = new IntersectionObserver(
    (changes) => {
      seen = changes[changes.length - 1].isIntersecting;
      void draw();
    },
    { rootMargin: "50%" },
  );
  near.observe(place);
  return (shown) => {
    waiting = shown;
    void draw();
  };
}

/**
 * Draw a chart in a place.
 * @param {Element} place Its name for those who do not see it is the place's.
 * @param {any} specification
 * @returns {Promise<View>}
 */
async function embedded(place, specification) {
  // The bundle of Vega sets it, since it exports nothing.
  const { vegaEmbed } = /** @type {any} */ (window);
  // Vega names its element itself; what holds it keeps the name that the page gave.
  const inner = element("div", { class: "chart-inner", "aria-hidden": "true" });
  place.replaceChildren(inner);
  return (await vegaEmbed(inner, specification, { actions: false, renderer: "svg" })).view;
}

/**
 * @param {Element} within
 * @param {string} name
 */
function named(within, name) {
  const chart = within.querySelector(`[data-chart="${name}"]`);
  const place = chart?.querySelector(".chart-drawn");
  if (!chart || !place) throw new Error(`the page has no chart ${name}`);
  const specification = () => JSON.parse(chart.querySelector("script")?.textContent ?? "");
  return { place, specification };
}
