// What is chosen, kept in the page's address: #section?key=value&key=value.
//
// All sections share the keys, so that one link holds the whole page as it is.

/**
 * Read an address's end.
 * @param {string} hash
 * @returns {{ section: string, chosen: Record<string, string> }}
 */
export function read(hash) {
  const [section, query = ""] = hash.replace(/^#/, "").split(/\?(.*)/s);
  return { section, chosen: Object.fromEntries(new URLSearchParams(query)) };
}

/**
 * Write an address's end.
 * @param {string} section
 * @param {Record<string, string>} chosen Keys without a value are left out.
 */
export function written(section, chosen) {
  const kept = Object.entries(chosen).filter(([, value]) => value !== "");
  // What stands in names of models and folders is read by people too.
  const query = new URLSearchParams(kept).toString().replaceAll("%2F", "/").replaceAll("%2C", ",");
  return `#${section}${query && "?"}${query}`;
}

/** What the address says is chosen. */
export function chosen() {
  return read(location.hash).chosen;
}

/**
 * Note what a reader chose, in the place of what was chosen before.
 * @param {string} section Where they did.
 * @param {Record<string, string>} values An empty one takes its key away.
 */
export function choose(section, values) {
  try {
    history.replaceState(null, "", written(section, { ...chosen(), ...values }));
  } catch {
    // Where a page may not change its address, nothing else depends on it.
  }
}

/**
 * Call a function whenever a link, or Back, changes what is chosen.
 * @param {(chosen: Record<string, string>, section: string) => void} follow
 */
export function onChange(follow) {
  window.addEventListener("hashchange", () => {
    const { section, chosen: own } = read(location.hash);
    follow(own, section);
  });
}

/** Let links within the page keep what is chosen, but for the keys that they name themselves. */
export function followLinks() {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest('a[href^="#"]');
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
    if (!link || elsewhere || event.defaultPrevented) return;
    const { section, chosen: own } = read(link.getAttribute("href") ?? "");
    event.preventDefault();
    location.hash = written(section, { ...chosen(), ...own });
    go(section);
  });
}

/** Go to the section that the address names, once all of the page is there; it may have led further itself. */
export function arrive() {
  const { section, chosen: own } = read(location.hash);
  const led = document.getElementById(section)?.contains(document.activeElement);
  if (Object.keys(own).length && !led) go(section);
}

/**
 * Go where the browser would, if what is chosen did not stand behind the section's name.
 * @param {string} section
 */
function go(section) {
  const place = document.getElementById(section);
  const head = /** @type {HTMLElement|null} */ (place?.querySelector("[tabindex='-1']") ?? place);
  place?.scrollIntoView();
  if (head && !head.hasAttribute("tabindex")) head.tabIndex = -1;
  head?.focus({ preventScroll: true });
}
