// Shows the conversation: messages in the order of their numbers, below them those that are not sent yet.
// Used by chat.js.

const SIGNS = ["📷"]; // how the server shows a photo without words; the photo itself says more
const COMMAND = /^\/([A-Za-z_]+)(?:\s+([^]*))?$/;

export class Transcript {
  #pending = new Map();

  /** `pressed(button)`, `retry(id)` and `discard(id)` are what a resident can do with a message. */
  constructor(root, { language, words }, actions) {
    this.root = root;
    this.words = words;
    this.actions = actions;
    this.time = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" });
    this.day = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long" });
    this.relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  }

  show(message) {
    this.#pending.get(message.client_id)?.remove();
    this.#pending.delete(message.client_id);
    if (this.root.querySelector(`[data-number="${message.id}"]`)) return null;
    const shown = this.#message(message);
    shown.dataset.number = message.id;
    this.#place(shown, message.id, new Date(message.at));
    return shown;
  }

  /** An item of the Sender: its bubble, with what becomes of it. */
  showUnsent(item) {
    const before = this.#pending.get(item.id);
    if (item.state === "sent") {
      if (before) before.dataset.number = item.number;
      before?.querySelector(".state")?.remove();
      before?.classList.remove("unsent", "failed");
      return null;
    }
    if (before && item.progress !== undefined) {
      before.querySelector("progress")?.setAttribute("value", item.progress);
      return null;
    }
    const shown = this.#message(unsentMessage(item));
    shown.classList.add("unsent", item.state);
    shown.append(this.#state(item));
    before ? before.replaceWith(shown) : this.root.append(shown);
    this.#pending.set(item.id, shown);
    return before ? null : shown;
  }

  removeUnsent(id) {
    this.#pending.get(id)?.remove();
    this.#pending.delete(id);
  }

  #message({ author, text, html, lang, at, photos = [], buttons = [], original, origin }) {
    const article = element("article", { class: `message ${author}` });
    const name = { resident: this.words.you, staff: this.words.staff }[author] ?? "Alley";
    const when = new Date(at);
    article.append(
      element("p", { class: "author" },
        element("span", author === "resident" ? { class: "hidden" } : {}, name),
        element("time", { datetime: when.toISOString() }, this.time.format(when))),
    );
    photos.forEach((source) => article.append(this.#photo(source)));
    if (!(photos.length && SIGNS.includes(text)) && text) {
      const bubble = element("div", { class: "bubble", dir: "auto", lang: lang === "und" ? "" : lang });
      bubble.innerHTML = html; // made by knowledge/markup.py, which escapes everything but its own few tags
      article.append(bubble);
    }
    if (origin === "machine") article.append(this.#original(original));
    if (buttons.length) article.append(this.#choices(buttons));
    return article;
  }

  #photo(source) {
    const image = element("img", { class: "photo", src: source, alt: this.words.photo, loading: "lazy" });
    return source.startsWith("blob:") ? image : element("a", { href: source, target: "_blank" }, image);
  }

  #original(original) {
    if (!original) return element("p", { class: "origin" }, this.words.translated);
    return element("details", { class: "origin" },
      element("summary", {}, `${this.words.translated} · ${this.words.original}`),
      element("div", { dir: "auto", lang: "" }, original));
  }

  #choices(buttons) {
    const choices = buttons.map(({ label, value }) => element("button", { type: "button", value, dir: "auto" }, label));
    return element("div", { class: "choices", role: "group", "aria-label": this.words.choices }, ...choices);
  }

  #state(item) {
    const text = item.reason || this.words[item.state];
    const state = element("p", { class: "state", role: "status" }, text);
    if (item.photo && item.state === "sending") {
      state.append(element("progress", { max: 1, value: 0, "aria-label": this.words.sending }));
    }
    if (item.state !== "sending") {
      state.append(" ", this.#action("retry", item.id));
      if (item.state === "failed") state.append(" ", this.#action("discard", item.id));
    }
    return state;
  }

  #action(name, id) {
    const button = element("button", { type: "button" }, this.words[name]);
    button.addEventListener("click", () => this.actions[name](id));
    return button;
  }

  #place(shown, number, at) {
    const later = [...this.root.children].find((each) => each.matches(".unsent") || Number(each.dataset.number) > number);
    this.root.insertBefore(shown, later ?? null);
    const day = at.toDateString();
    shown.dataset.day = day;
    const before = previousMessage(shown);
    if (before?.dataset.day !== day) shown.before(element("p", { class: "day" }, this.#dayName(at)));
  }

  #dayName(at) {
    const days = Math.round((new Date(at.toDateString()) - new Date(new Date().toDateString())) / 86_400_000);
    const name = days > -2 ? this.relative.format(days, "day") : this.day.format(at);
    return name.charAt(0).toLocaleUpperCase() + name.slice(1);
  }
}

function unsentMessage(item) {
  const command = COMMAND.exec(item.text ?? "");
  const text = (command ? command[2] || command[1] : item.text) || (item.location ? "📍" : "");
  item.preview ??= item.photo ? URL.createObjectURL(item.photo) : undefined;
  return {
    author: "resident", text, html: escaped(text), lang: "und", at: item.at, photos: item.preview ? [item.preview] : [],
  };
}

function previousMessage(shown) {
  let before = shown.previousElementSibling;
  while (before && !before.dataset.day) before = before.previousElementSibling;
  return before;
}

function escaped(text) {
  return element("p", {}, text).outerHTML.replaceAll("\n", "<br>");
}

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  Object.entries(attributes).forEach(([attribute, value]) => made.setAttribute(attribute, value));
  made.append(...children);
  return made;
}
