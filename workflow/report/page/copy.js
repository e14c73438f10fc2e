// A button that copies a link to the page as it is.

import { choose } from "./address.js";
import { element } from "./dom.js";

/**
 * Make the button, with room beside it to say what became of it.
 * @param {string} section Id of what the link leads to.
 */
export function copyLink(section) {
  const button = element("button", { type: "button" }, "Copy link");
  const said = element("span", { class: "note", role: "status" });
  button.addEventListener("click", async () => {
    choose(section, {});
    try {
      await navigator.clipboard.writeText(location.href);
      said.textContent = "copied";
    } catch {
      said.textContent = "Not allowed here: take the page's address from the browser.";
    }
  });
  return element("span", {}, button, " ", said);
}
