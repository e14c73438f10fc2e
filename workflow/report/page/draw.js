// Draw, load a picture or take a never-seen image, and see what the models make of it.

import { choose, chosen, onChange } from "./address.js";
import { copyLink } from "./copy.js";
import { centre, downscale } from "./digit.js";
import { element } from "./dom.js";
import { showFilters, summary, tables } from "./labels.js";
import { asDrawing, asPhotograph, decoded, grey } from "./load.js";
import { pad, paper } from "./pad.js";
import { brightness, picture } from "./pictures.js";
import { showRanked } from "./ranked.js";
import { shuffled, stepped } from "./walk.js";

/** @typedef {import("./predict.js").Models} Models */
/** @typedef {import("./predict.js").Scene} Scene */

/**
 * @param {HTMLElement} section
 * @param {Models} models
 */
export function start(section, models) {
  const find = (/** @type {string} */ name) =>
    /** @type {HTMLElement} */ (section.querySelector(`[data-draw="${name}"]`));
  const { side, classes, pack } = models;
  const scale = scaled(models, String(section.dataset.ground));
  const drawn = section.dataset.ground !== "none";
  const fresh = pack.arrays.fresh;
  const truths = pack.arrays.fresh_labels.data;
  const order = shuffled(truths.length);
  const menu = /** @type {HTMLSelectElement} */ (find("class"));
  menu.append(...classes.map((name, i) => element("option", { value: i }, name)));
  const show = shower(section, models, scale.empty);
  const canvas = /** @type {HTMLCanvasElement} */ (section.querySelector(".draw-canvas"));
  let shown = -1;

  const board = drawn
    ? pad(
        canvas,
        (ink) => showOwn(centre(ink, canvas.width, side), ""),
        (words) => (find("pen").textContent = words),
      )
    : paper(canvas);

  /**
   * Show what is the reader's own.
   * @param {ArrayLike<number> | null} ink
   * @param {string} words
   */
  function showOwn(ink, words) {
    find("truth").textContent = words;
    if (shown >= 0) choose("draw", { digit: "" });
    shown = -1;
    show(ink && Array.from(ink, scale.pixel), -1);
  }

  /** @param {1 | -1} step */
  function take(step) {
    const wanted = menu.value === "" ? -1 : Number(menu.value);
    const all = order.filter((i) => wanted < 0 || truths[i] === wanted);
    if (!all.length) return;
    load(stepped(all, shown, step));
    choose("draw", { digit: String(shown) });
  }

  /** @param {number} index */
  function load(index) {
    shown = index;
    const image = fresh.data.subarray(index * side * side, (index + 1) * side * side);
    board.show(Array.from(image, scale.ink), side);
    const name = `Never-seen ${section.dataset.noun} ${index}`;
    find("truth").textContent = `${name}; its true class is ${classes[truths[index]]}.`;
    show(image, truths[index]);
  }

  /** @param {Record<string, string>} address */
  function follow({ digit }) {
    const index = Number(digit || NaN);
    if (Number.isInteger(index) && index >= 0 && index < truths.length && index !== shown) load(index);
  }

  /** @param {Blob} blob */
  async function loadPicture(blob) {
    try {
      const shades = grey(await decoded(blob));
      const ink = drawn ? asDrawing(shades, side) : asPhotograph(shades, side);
      board.show(Array.from(ink), side);
      showOwn(ink, "This is your picture.");
    } catch (error) {
      find("truth").textContent = error instanceof Error ? error.message : String(error);
    }
  }

  if ("clear" in board) find("clear").addEventListener("click", board.clear);
  find("next").addEventListener("click", () => take(1));
  find("previous").addEventListener("click", () => take(-1));
  menu.addEventListener("change", () => take(1));
  picking(find("load"), /** @type {HTMLInputElement} */ (find("file")), loadPicture);
  find("link").replaceChildren(copyLink("draw"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    board.recolour();
    show.again();
  });
  onChange(follow);
  follow(chosen());
  if (shown < 0 && order.length) load(order[0]);
}

/**
 * Between ink and the study's pixels: where paper is light, ink is low.
 * @param {Models} models
 * @param {string} ground
 */
function scaled({ pack }, ground) {
  const [low, high] = pack.record.range;
  const whole = !(pack.arrays.fresh.data instanceof Float32Array);
  const turned = (/** @type {number} */ share) => (ground === "high" ? 1 - share : share);
  const pixel = (/** @type {number} */ ink) => {
    const value = low + turned(ink) * (high - low);
    return whole ? Math.round(value) : value;
  };
  const ink = (/** @type {number} */ value) => turned((value - low) / (high - low || 1));
  return { pixel, ink, empty: pixel(0) };
}

/**
 * Hand on what a reader picks as a file, or pastes.
 * @param {HTMLElement} button
 * @param {HTMLInputElement} file
 * @param {(blob: Blob) => void} load
 */
function picking(button, file, load) {
  button.addEventListener("click", () => file.click());
  file.addEventListener("change", () => {
    if (file.files?.[0]) load(file.files[0]);
    file.value = ""; // so that the same one can be picked again
  });
  document.addEventListener("paste", ({ clipboardData }) => {
    const pasted = [...(clipboardData?.files ?? [])].find(({ type }) => type.startsWith("image/"));
    if (pasted) load(pasted);
  });
}

/**
 * Make what shows an image at every size, and what models label it.
 * @param {HTMLElement} section
 * @param {Models} models
 * @param {number} empty A pixel of nothing.
 */
function shower(section, models, empty) {
  const find = (/** @type {string} */ name) =>
    /** @type {HTMLElement | null} */ (section.querySelector(`[data-draw="${name}"]`));
  const { side, classes, pack } = models;
  const sizes = Array.from(section.querySelectorAll(".draw-size"), (button) => ({
    button: /** @type {HTMLButtonElement} */ (button),
    size: Number(/** @type {HTMLElement} */ (button).dataset.size),
    model: Number(/** @type {HTMLElement} */ (button).dataset.model ?? -1),
  }));
  const all = /** @type {HTMLDetailsElement | null} */ (find("all"));
  const stretch = /** @type {HTMLInputElement} */ (find("stretch"));
  const buttons = all ? tables(/** @type {HTMLElement} */ (find("labels")), models, pick) : [];
  /** @type {ArrayLike<number> | null} */
  let image = null;
  let truth = -1;
  let picked = sizes.find(({ button }) => button.getAttribute("aria-pressed") === "true")?.model ?? -1;
  /** @type {number} */
  let later;

  /** @param {number} index */
  function pick(index) {
    picked = index;
    again();
  }

  function again() {
    const scene = image && models.scene(image);
    for (const { button, size, model } of sizes) showSize(button, size, model, scene);
    const place = /** @type {HTMLElement} */ (find("ranked"));
    say(scene);
    if (scene && picked >= 0) showRanked(place, models.models[picked], classes, models.predict(picked, scene));
    else place.replaceChildren();
    if (all?.open) showAll(scene);
  }

  /**
   * Say the labels to those who do not see them; not at every stroke.
   * @param {Scene | null} scene
   */
  function say(scene) {
    clearTimeout(later);
    later = setTimeout(() => {
      const said = sizes.flatMap(({ button, size }) => {
        const label = button.querySelector(".draw-label")?.textContent;
        return label ? [`${size}×${size}: ${label}`] : [];
      });
      /** @type {HTMLElement} */ (find("said")).textContent = scene ? said.join("; ") : "Nothing is drawn yet.";
    }, 500);
  }

  /**
   * @param {HTMLButtonElement} button
   * @param {number} size
   * @param {number} model
   * @param {Scene | null} scene
   */
  function showSize(button, size, model, scene) {
    const small = scene ? models.view(scene, size).x : new Float32Array(size * size).fill(empty);
    const limits = stretch.checked ? brightness(small) : pack.record.range;
    button.querySelector(".draw-image")?.replaceChildren(picture(small, size, limits));
    button.setAttribute("aria-pressed", String(model >= 0 && model === picked));
    const label = /** @type {HTMLElement | null} */ (button.querySelector(".draw-label"));
    if (label) labelled(label, scene && model >= 0 ? models.predict(model, scene).label : -1);
    const accuracy = /** @type {HTMLElement | null} */ (button.nextElementSibling);
    if (accuracy) accuracy.style.visibility = scene ? "visible" : "hidden";
  }

  /** @param {HTMLElement} place @param {number} label −1 for none */
  function labelled(place, label) {
    place.classList.toggle("right", label >= 0 && truth >= 0 && label === truth);
    place.classList.toggle("wrong", label >= 0 && truth >= 0 && label !== truth);
    const mark = truth < 0 ? "" : label === truth ? " ✓" : " ✗";
    place.textContent = label < 0 ? "–" : classes[label] + mark;
  }

  /** @param {Scene | null} scene */
  function showAll(scene) {
    const found = buttons.map((button, index) => {
      const label = scene ? models.predict(index, scene).label : -1;
      button.setAttribute("aria-pressed", String(index === picked));
      labelled(button, label);
      return { size: models.models[index].size, label: classes[label] };
    });
    const words = scene ? `${summary(found)}.` : "Nothing is drawn yet.";
    /** @type {HTMLElement} */ (find("summary")).textContent = words;
    const place = /** @type {HTMLElement} */ (find("filters"));
    const convolves = picked >= 0 && models.models[picked].kind === "convnet";
    if (scene && convolves) showFilters(place, models, picked, scene);
    else place.replaceChildren();
  }

  for (const { button, model } of sizes) button.addEventListener("click", () => pick(model));
  stretch.addEventListener("change", again);
  all?.addEventListener("toggle", again);
  const show = (/** @type {ArrayLike<number> | null} */ next, /** @type {number} */ of) => {
    [image, truth] = [next, of];
    again();
  };
  return Object.assign(show, { again });
}
