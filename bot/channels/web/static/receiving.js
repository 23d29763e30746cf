// Fetches the conversation and follows it live; comes back by itself after a lost connection. Used by chat.js.

const LONGEST_WAIT = 15; // seconds between two tries
const SLEPT = 20; // seconds out of sight after which a phone may have lost the connection without telling

export class Receiver {
  #events = null;
  #tries = 0;
  #timer = 0;
  #closed = false;
  #hiddenSince = 0;

  /** `received(messages)` gets new messages in order, `connected(yes)` the connection, `gone()` an unknown session. */
  constructor(session, { received, connected, gone }) {
    this.address = `/api/chat/${encodeURIComponent(session)}`;
    this.last = 0;
    Object.assign(this, { received, connected, gone });
    addEventListener("online", () => this.#again());
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.#hiddenSince = Date.now();
      else if (this.#events?.readyState !== EventSource.OPEN || Date.now() - this.#hiddenSince > SLEPT * 1000) this.#again();
    });
  }

  async open() {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    try {
      const answer = await fetch(`${this.address}/messages?after=${this.last}`);
      if (answer.status === 404) return this.gone();
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      this.#take(await answer.json());
      this.#follow();
    } catch {
      this.#later();
    }
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#events?.close();
  }

  #follow() {
    this.#events?.close();
    const events = new EventSource(`${this.address}/events?after=${this.last}`);
    events.onopen = () => {
      this.#tries = 0;
      this.connected(true);
    };
    events.onmessage = ({ data }) => this.#take([JSON.parse(data)]);
    events.onerror = () => {
      this.connected(false);
      // the browser reconnects by itself unless the server answered something else than a stream
      if (events.readyState === EventSource.CLOSED) this.#later();
    };
    this.#events = events;
  }

  #take(messages) {
    const fresh = messages.filter((message) => message.id > this.last);
    if (fresh.length) this.last = fresh.at(-1).id;
    this.received(fresh);
  }

  #later() {
    this.connected(false);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.open(), Math.min(2 ** this.#tries++, LONGEST_WAIT) * 1000);
  }

  #again() {
    this.#tries = 0;
    this.open();
  }
}
