// Explanations of terms stay within the page, and Escape closes them.

/**
 * How far to move what would reach beyond the right edge; 0 or less.
 * @param {number} right
 * @param {number} left
 * @param {number} width Of the page.
 */
export function shift(right, left, width) {
  return -Math.max(0, Math.min(right - width + 8, left - 8));
}

/** Move each explanation as it is asked for. */
export function start() {
  for (const event of ["pointerover", "focusin"]) document.addEventListener(event, follow);
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    document.querySelectorAll(".term:is(:hover, :focus)").forEach(close);
  });
}

/**
 * Close an explanation, until it is left and asked for again.
 * @param {Element} term
 */
function close(term) {
  term.classList.add("closed");
  for (const event of ["pointerleave", "blur"]) {
    term.addEventListener(event, () => term.classList.remove("closed"), { once: true });
  }
}

/** @param {Event} event */
function follow({ target }) {
  const term = target instanceof Element ? target.closest(".term") : null;
  const text = /** @type {HTMLElement|null} */ (term?.querySelector(".term-text") ?? null);
  if (!text) return;
  text.style.removeProperty("--term-shift");
  const { left, right } = text.getBoundingClientRect();
  const moved = shift(right, left, document.documentElement.clientWidth);
  text.style.setProperty("--term-shift", `${moved}px`);
}
