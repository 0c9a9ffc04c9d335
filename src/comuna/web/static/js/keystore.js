// Where this browser keeps keys: IndexedDB, each under its body and its own name, since the key
// before goes on signing until the new one counts. On a device that several people share a key is
// kept for a quarter of an hour only.

const SHARED_MINUTES = 15;

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("comuna", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("keys");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function run(mode, work) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const request = work(database.transaction("keys", mode).objectStore("keys"));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } finally {
    database.close();
  }
}

const place = (body, id) => `${body}/${id}`;

export function keep(body, key, shared) {
  const until = shared ? Date.now() + SHARED_MINUTES * 60_000 : null;
  return run("readwrite", (keys) => keys.put({ ...key, until }, place(body, key.id)));
}

export function forget(body, id) {
  return run("readwrite", (keys) => keys.delete(place(body, id)));
}

// The first of these keys that is kept here: {public, id, secret}; undefined when none is.
export async function find(body, ids) {
  for (const id of ids) {
    const key = await run("readonly", (keys) => keys.get(place(body, id)));
    if (!key) continue;
    if (!key.until || key.until > Date.now()) return key;
    await forget(body, id);
  }
  return undefined;
}
