// Where this browser keeps keys: IndexedDB, one key for each member of each body. On a device that
// several people share a key is kept for a quarter of an hour only.

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

const place = (body, member) => `${body}/${member}`;

export function keep(body, member, key, shared) {
  const until = shared ? Date.now() + SHARED_MINUTES * 60_000 : null;
  return run("readwrite", (keys) => keys.put({ ...key, until }, place(body, member)));
}

export function forget(body, member) {
  return run("readwrite", (keys) => keys.delete(place(body, member)));
}

// {public, id, secret}, or undefined.
export async function find(body, member) {
  const key = await run("readonly", (keys) => keys.get(place(body, member)));
  if (key?.until && key.until < Date.now()) {
    await forget(body, member);
    return undefined;
  }
  return key;
}
