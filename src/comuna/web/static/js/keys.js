// A member's key: made in the browser, kept by the browser, written on paper once. Ed25519 by
// WebCrypto (Chrome 137, Firefox 129, Safari 17). Nothing here ever sends a seed anywhere.

import { encode } from "./canonical.js";
import { base32, base64, fromBase32, fromBase64Url, hex } from "./letters.js";

const GROUPS = 14;
const MISREAD = { 0: "O", 1: "I", 8: "B" }; // base32 has none of these digits
const PKCS8 = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20]; // RFC 8410

const bytes = (text) => new TextEncoder().encode(text);
const joined = (...parts) => Uint8Array.from(parts.flatMap((part) => Array.from(part)));
const sha256 = async (data) => new Uint8Array(await crypto.subtle.digest("SHA-256", data));

// What keeps this browser from signing, as the name of the sentence that says so: it gives pages
// its cryptography only over https or on localhost, and older ones do not know Ed25519. Null when
// it can sign.
export async function hindrance() {
  if (!globalThis.crypto?.subtle) return "no-crypto";
  try {
    await importedKey(new Uint8Array(32), false);
    return null;
  } catch {
    return "no-ed25519";
  }
}

export const newSeed = () => crypto.getRandomValues(new Uint8Array(32));

// A key from a seed: {public: base64, id, secret}. `secret` is a CryptoKey that cannot be read out.
export async function keyOf(seed) {
  const raw = await publicOf(seed);
  const secret = await importedKey(seed, false);
  return { public: base64(raw), id: hex(await sha256(raw)).slice(0, 16), secret };
}

const importedKey = (seed, readable) =>
  crypto.subtle.importKey("pkcs8", joined(PKCS8, seed), "Ed25519", readable, ["sign"]);

async function publicOf(seed) {
  const exported = await crypto.subtle.exportKey("jwk", await importedKey(seed, true));
  return fromBase64Url(exported.x);
}

// The bytes every signer of an act signs (docs/book-format.md §2).
export function signedBytes({ act, body, by, nonce }) {
  const { signatures, ...author } = by;
  return joined(bytes("comuna act v1\n"), encode({ act, body, by: author, nonce }));
}

// The signature in base64.
export async function sign(secret, message) {
  return base64(new Uint8Array(await crypto.subtle.sign("Ed25519", secret, message)));
}

// --- the recovery text on paper ----------------------------------------------------------------

const check = async (seed) => (await sha256(joined(bytes("comuna recovery v1\n"), seed))).slice(0, 3);

export async function recoveryText(seed) {
  return base32(joined(seed, await check(seed))).match(/.{4}/g).join(" ");
}

// The seed, or null when a letter was misread or left out.
export async function seedFromRecovery(text) {
  const letters = text.toUpperCase().replace(/[\s-]/g, "").replace(/[018]/g, (d) => MISREAD[d]);
  const data = letters.length === 4 * GROUPS ? fromBase32(letters) : null;
  if (data === null) return null;
  const seed = data.slice(0, 32);
  return hex(await check(seed)) === hex(data.slice(32)) ? seed : null;
}
