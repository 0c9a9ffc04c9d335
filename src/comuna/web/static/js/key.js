// The page of one's own keys: make, restore, forget.

import * as keys from "./keys.js";
import * as keystore from "./keystore.js";
import { keep, making, say } from "./page.js";

const part = document.getElementById("device");
const { body } = part.dataset;
const rows = Array.from(document.querySelectorAll("[data-key]"));
const known = rows.map((row) => row.dataset.key);
const able = !(await keys.hindrance());

// Which of the keys in one's name are on this device.
async function standing() {
  const here = [];
  for (const row of rows) {
    const kept = able && (await keystore.find(body, [row.dataset.key]));
    row.querySelector("[data-here]").hidden = !kept;
    if (kept) here.push(row.dataset.key);
  }
  say(part, "none", here.length === 0);
  say(part, "has", here.length > 0);
  part.querySelector("[data-forget]").hidden = here.length === 0;
  named(say(part, "has", here.length > 0), here.join(", "));
  return here;
}

// The sentence has a mark where the key's name goes; the next key takes the place of the one before.
function named(sentence, id) {
  sentence.dataset.said ??= sentence.textContent;
  sentence.textContent = sentence.dataset.said.replace("…", id);
}

async function restore() {
  for (const name of ["restore-wrong", "restore-other", "restored"]) say(part, name, false);
  const typed = document.getElementById("sheet-text");
  const seed = await keys.seedFromRecovery(typed.value);
  if (!seed) return void say(part, "restore-wrong");
  const key = await keys.keyOf(seed);
  if (!known.includes(key.id)) return void say(part, "restore-other");
  await keep(part, key);
  typed.value = "";
  named(say(part, "restored"), key.id);
  await standing();
}

async function forget() {
  for (const id of await standing()) await keystore.forget(body, id);
  await standing();
}

// Kept here, then asked for in the book with two sponsors; it signs once it counts.
async function made(key) {
  await keep(part, key);
  location.assign(`${part.dataset.enrol}&public=${encodeURIComponent(key.public)}`);
}

part.hidden = false;
part.querySelector("[data-restoring]").hidden = !able;
part.querySelector("[data-restore]").addEventListener("click", restore);
part.querySelector("[data-forget]").addEventListener("click", forget);
await standing();
await making(document.getElementById("making"), made);
