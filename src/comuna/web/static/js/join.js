// Asking to join: the key made here goes into the application, and signs it.

import { keep, making } from "./page.js";

const part = document.getElementById("making");
const form = document.getElementById("application");

await making(part, async (key) => {
  await keep(part, key);
  form.elements.key.value = key.public;
  form.elements.name.focus();
});
