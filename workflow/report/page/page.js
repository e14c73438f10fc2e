// Where the page begins: each section with what it shows.

import { arrive, followLinks } from "./address.js";
import * as answer from "./answer.js";
import * as claims from "./claims.js";
import * as draw from "./draw.js";
import { element } from "./dom.js";
import * as explorer from "./explorer.js";
import * as ladder from "./ladder.js";
import * as leak from "./leak.js";
import * as order from "./order.js";
import { unpack } from "./payload.js";
import { load } from "./predict.js";
import * as term from "./term.js";

/** @param {string} id */
function text(id) {
  return document.getElementById(id)?.textContent ?? "";
}

/**
 * Start a section, and say so where it fails.
 * @param {string} id
 * @param {(section: HTMLElement) => Promise<void>|void} work
 */
async function begin(id, work) {
  const section = document.getElementById(id);
  if (!section) return;
  try {
    await work(section);
  } catch (error) {
    console.error(error);
    const why = error instanceof Error ? error.message : String(error);
    const words = `This section cannot be shown here: ${why}`;
    section.append(element("p", { class: "notice", role: "alert" }, words));
  }
}

const models = unpack(text("pack-models")).then(load);
const explored = unpack(text("pack-explorer"));

followLinks();
term.start();
begin("answer", answer.start);
begin("leak", async (section) => leak.start(section, await unpack(text("pack-leak"))));
begin("order", async (section) => order.start(section, await unpack(text("pack-order")), await models));
begin("claims", (section) => claims.start(section));
begin("ladder", async (section) => ladder.start(section, await explored));
begin("draw", async (section) => draw.start(section, await models));
begin("explorer", async (section) => explorer.start(section, await explored, await models)).then(
  arrive,
);
