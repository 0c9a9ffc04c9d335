// What the pages of keys and signing share: saying something, making a key, keeping it.

import * as keys from "./keys.js";
import * as keystore from "./keystore.js";

// Show or hide the sentence of this name within a part of the page.
export function say(part, name, shown = true) {
  const sentence = part.querySelector(`[data-say="${name}"]`);
  if (sentence) sentence.hidden = !shown;
  return sentence;
}

// Making a key: show the recovery sheet, make sure it was kept, keep the key; then call `kept`.
export async function making(part, kept) {
  const hindrance = await keys.hindrance();
  if (hindrance) return void say(part, hindrance);
  const [create, sheet] = [part.querySelector("[data-create]"), part.querySelector("[data-sheet]")];
  create.hidden = false;
  create.addEventListener("click", async () => {
    create.hidden = true;
    const seed = keys.newSeed();
    const [key, text] = [await keys.keyOf(seed), await keys.recoveryText(seed)];
    sheet.querySelector("[data-id]").textContent = key.id;
    sheet.querySelector("[data-text]").textContent = text;
    sheet.hidden = false;
    sheet.querySelector("[data-print]").addEventListener("click", print);
    sheet.querySelector("[data-keep]").addEventListener("click", () => {
      const typed = sheet.querySelector("#confirm").value.trim().toUpperCase();
      const right = typed === text.slice(-4);
      sheet.querySelector("#confirm-fault").hidden = right;
      if (!right) return;
      sheet.querySelector("[data-text]").textContent = "";
      sheet.hidden = true;
      kept(key);
    });
  });
}

// Print the recovery sheet and nothing else of the page.
function print() {
  document.documentElement.classList.add("printing");
  globalThis.print();
  document.documentElement.classList.remove("printing");
}

export const keep = (part, key) => keystore.keep(part.dataset.body, key, "shared" in part.dataset);
