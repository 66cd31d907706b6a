// What the phone keeps, in the browser's own store: the way in that is in use ("own"), and one that is on its way to
// records ("pending"), so that a lost answer is asked for again with the same key.
const NAME = "lamplight-pass";
const STORE = "passes";

const opened = () =>
  new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });

const within = async (mode, act) => {
  const store = await opened();
  try {
    return await new Promise((done, failed) => {
      const transaction = store.transaction(STORE, mode);
      const asked = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => done(asked.result);
      transaction.onabort = () => failed(transaction.error);
    });
  } finally {
    store.close();
  }
};

export const read = (name) => within("readonly", (store) => store.get(name));
export const keep = (name, value) => within("readwrite", (store) => store.put(value, name));
export const forget = (name) => within("readwrite", (store) => store.delete(name));
