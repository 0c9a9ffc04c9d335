// Signing a draft: write its bytes again from what the page says, show them, sign them, send the
// signature. What is sent holds nothing but the signature.

import { encode } from "./canonical.js";
import { hex } from "./letters.js";
import * as keys from "./keys.js";
import * as keystore from "./keystore.js";
import { say } from "./page.js";

const part = document.getElementById("signing");

async function begin() {
  const hindrance = await keys.hindrance();
  if (hindrance) return void say(part, hindrance);
  const { body, member, submission, keys: inForce } = part.dataset;
  const message = keys.signedBytes(JSON.parse(submission));
  await show(message);
  const key = await keystore.find(body, inForce.split(" "));
  if (!key) return void say(part, "no-key");
  const form = part.querySelector("[data-sign]");
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sign(form, key, Number(member), message);
  });
}

async function show(message) {
  part.querySelector("[data-bytes]").textContent = new TextDecoder().decode(message);
  const print = new Uint8Array(await crypto.subtle.digest("SHA-256", message));
  part.querySelector("[data-print]").textContent = hex(print);
  say(part, "read");
  say(part, "print");
}

async function sign(form, key, member, message) {
  const button = form.querySelector("button");
  button.disabled = true;
  for (const name of ["refusal", "waiting", "failed"]) say(part, name, false);
  try {
    const value = await keys.sign(key.secret, message);
    const response = await fetch(part.dataset.send, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value,
      },
      body: encode({ member, key: key.id, value }),
    });
    told(await response.json(), form);
  } catch {
    say(part, "failed");
  } finally {
    button.disabled = false;
  }
}

function told(answer, form) {
  if (answer.number) return void location.assign(part.dataset.done);
  if (answer.waiting) {
    say(part, "waiting").querySelector("span").textContent = answer.waiting.message;
    form.hidden = true;
  } else if (answer.refusal) {
    say(part, "refusal").textContent = `${answer.refusal.message} ${answer.refusal.remedy}`;
  } else {
    say(part, "failed");
  }
}

if (part) begin();
