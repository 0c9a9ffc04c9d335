// Canonical JSON: the one sequence of bytes for each value (docs/book-format.md §1), so that what is
// signed here is what the book holds. Written apart from the server's, and tested equal to it.

const KEY = /^[A-Za-z0-9_.:/-]{1,64}$/;
const DEPTH = 32;
const LIMIT = 65535;
const SHORT = { "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r" };

export class Malformed extends Error {}

// The canonical bytes of a value of booleans, whole numbers, strings, lists and objects.
export function encode(value) {
  const bytes = new TextEncoder().encode(write(value, DEPTH));
  if (bytes.length > LIMIT) throw new Malformed(`${bytes.length} bytes; at most ${LIMIT} are allowed`);
  return bytes;
}

function write(value, depth) {
  if (typeof value === "string") return text(value);
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") return number(value);
  if (value === null || typeof value !== "object" || depth === 0) {
    throw new Malformed("only true, false, whole numbers, strings, lists and objects, not too deep");
  }
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth - 1)).join(",")}]`;
  const keys = Object.keys(value).sort(); // keys are ASCII: the same order as by code point
  const wrong = keys.find((key) => !KEY.test(key));
  if (wrong !== undefined) throw new Malformed(`the key ${JSON.stringify(wrong)} is not allowed`);
  return `{${keys.map((key) => `"${key}":${write(value[key], depth - 1)}`).join(",")}}`;
}

// JavaScript rounds whole numbers beyond 2^53 in silence; signing a rounded amount is worse than not
// signing it.
function number(value) {
  if (!Number.isSafeInteger(value)) throw new Malformed(`${value} is no whole number below 2^53`);
  return Object.is(value, -0) ? "0" : String(value);
}

function text(value) {
  if (value.includes("\0")) throw new Malformed("text holds the character U+0000");
  if (/[\ud800-\udfff]/u.test(value)) throw new Malformed("text holds half a character");
  if (value.normalize("NFC") !== value) throw new Malformed("text is not in normal form C");
  const escaped = value.replace(/["\\]/g, "\\$&").replace(/[\u0001-\u001f]/g, control);
  return `"${escaped}"`;
}

function control(character) {
  const code = character.charCodeAt(0).toString(16).padStart(4, "0");
  return SHORT[character] ?? `\\u${code}`;
}
