// What the browser keeps of a conversation: its token, and the messages that are not sent yet.
// Used by chat.js and sending.js.

const SESSION = "alley.session";
const UNOPENED = "alley.unopened"; // set until the server has taken the first message

export function session() {
  return localStorage.getItem(SESSION);
}

/** The token of the present conversation; a new one, 32 random bytes in URL-safe base64, when there is none. */
export function sessionForSending() {
  if (!session()) {
    const bytes = crypto.getRandomValues(new Uint8Array(32));
    const token = btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace("=", "");
    localStorage.setItem(UNOPENED, "1");
    localStorage.setItem(SESSION, token);
  }
  return session();
}

export function isUnopened() {
  return localStorage.getItem(UNOPENED) !== null;
}

export function markOpened() {
  localStorage.removeItem(UNOPENED);
}

export function forgetSession() {
  localStorage.removeItem(SESSION);
  localStorage.removeItem(UNOPENED);
}

/** Calls `changed` when another tab began or forgot a conversation. */
export function watchSession(changed) {
  addEventListener("storage", (event) => {
    if (event.key === SESSION || event.key === null) changed();
  });
}

/** Unsent messages in IndexedDB, because photos do not fit elsewhere; in memory alone where the browser has none. */
export class Unsent {
  #opened = new Promise((resolve) => {
    try {
      const request = indexedDB.open("alley", 1);
      request.onupgradeneeded = () => request.result.createObjectStore("unsent", { keyPath: "id" });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => resolve(null);
    } catch {
      resolve(null);
    }
  });

  async all() {
    const items = (await this.#do("readonly", (store) => store.getAll())) ?? [];
    return items.sort((one, other) => one.at - other.at);
  }

  async put(item) {
    await this.#do("readwrite", (store) => store.put(item));
  }

  async remove(id) {
    await this.#do("readwrite", (store) => store.delete(id));
  }

  async clear() {
    await this.#do("readwrite", (store) => store.clear());
  }

  async #do(mode, action) {
    const database = await this.#opened;
    if (!database) return undefined;
    return new Promise((resolve) => {
      const transaction = database.transaction("unsent", mode);
      const request = action(transaction.objectStore("unsent"));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => resolve(undefined);
    });
  }
}
