// Sends what the resident writes, one message after another, and again until the server has it. Used by chat.js.

import { Unsent, isUnopened, markOpened, sessionForSending } from "./storage.js";

const LONGEST_WAIT = 30; // seconds between two tries

export class Sender {
  #queue = [];
  #unsent = new Unsent();
  #busy = false;
  #tries = 0;
  #wake = () => {};

  /**
   * `changed(item)` is called when an item's `state` changes: sending, waiting, failed or sent (then with `number`).
   */
  constructor(language, changed) {
    this.language = language;
    this.changed = changed;
    addEventListener("online", () => this.#wake());
  }

  /** Takes up what was left unsent when the page was closed. */
  async resume(session) {
    for (const item of await this.#unsent.all()) {
      if (item.session === session) this.#queue.push(item);
      else await this.#unsent.remove(item.id);
    }
    this.#queue.forEach((item) => this.#set(item, "waiting"));
    this.#run();
  }

  /** `content` has text, button, photo (a Blob) or location. What is shown as sending is kept over a reload. */
  async send(content) {
    const item = { id: randomId(), session: sessionForSending(), at: Date.now(), ...content };
    await this.#unsent.put({ ...item, state: "waiting" });
    this.#queue.push(item);
    this.#set(item, "sending");
    this.#run();
  }

  /** The message was seen in the conversation: it is sent, whatever became of the answer. */
  async settle(id) {
    const item = this.#queue.find((each) => each.id === id);
    if (!item) return;
    this.#queue = this.#queue.filter((each) => each !== item);
    await this.#unsent.remove(id);
  }

  retry(id) {
    const item = this.#queue.find((each) => each.id === id);
    if (item) this.#set(item, "waiting");
    this.#tries = 0;
    this.#wake();
    this.#run();
  }

  async clear() {
    this.#queue = [];
    await this.#unsent.clear();
  }

  async #run() {
    if (this.#busy) return;
    this.#busy = true;
    for (let item; (item = this.#queue.find((each) => each.state !== "failed")); ) await this.#try(item);
    this.#busy = false;
  }

  async #try(item) {
    this.#set(item, "sending");
    const waiting = () => this.#queue.includes(item); // not any more when the stream has shown it meanwhile
    const answer = await post(item, this.language, (progress) => waiting() && this.changed({ ...item, progress }));
    if (!waiting()) return;
    if (answer.status === 202) {
      this.#tries = 0;
      markOpened();
      await this.settle(item.id);
      this.#set(item, "sent", { number: answer.body.message });
    } else if (answer.status === 0 || answer.status === 429 || answer.status >= 500) {
      this.#set(item, "waiting", { reason: answer.status ? answer.body.text : undefined });
      await this.#pause(answer.retryAfter || Math.min(2 ** this.#tries++, LONGEST_WAIT));
    } else {
      this.#set(item, "failed", { reason: answer.body.text, error: answer.body.error });
    }
  }

  #set(item, state, more = {}) {
    Object.assign(item, { reason: undefined, error: undefined }, more, { state });
    this.changed(item);
  }

  #pause(seconds) {
    return new Promise((resolve) => {
      this.#wake = resolve;
      setTimeout(resolve, seconds * 1000);
    });
  }
}

function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Resolves to status (0 without connection), body and retryAfter. */
function post(item, language, progressed) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/chat");
    request.timeout = 60_000;
    request.setRequestHeader("Accept-Language", language);
    request.upload.onprogress = ({ loaded, total }) => item.photo && progressed(loaded / total);
    request.onloadend = () =>
      resolve({
        status: request.status,
        body: parsed(request.responseText),
        retryAfter: Number(request.getResponseHeader("Retry-After")),
      });
    const fields = { id: item.id, session: item.session, new: isUnopened(), locale: language };
    if (item.photo) request.send(form({ ...fields, text: item.text ?? "" }, item.photo));
    else {
      request.setRequestHeader("Content-Type", "application/json");
      request.send(JSON.stringify({ ...fields, text: item.text, button: item.button, location: item.location }));
    }
  });
}

function form(fields, photo) {
  const data = new FormData();
  Object.entries(fields).forEach(([name, value]) => data.append(name, String(value)));
  data.append("photo", photo, "photo");
  return data;
}

function parsed(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
