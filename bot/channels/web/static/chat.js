// The residents' chat page: wires the parts together. Loaded by templates/chat.html.

import { PhotoField } from "./photo.js";
import { Receiver } from "./receiving.js";
import { Sender } from "./sending.js";
import * as storage from "./storage.js";
import { Transcript } from "./transcript.js";

const TYPING_SECONDS = 12; // an answer that takes longer will come, but nobody is "writing" any more
const NOTICE_SECONDS = 4; // a connection that comes back sooner was not worth a word
const BACK_TO_BOT = "go:end_takeover"; // offered while a person is wanted: then the bot is silent
const NEAR_THE_END = 200; // pixels

const settings = JSON.parse(document.getElementById("settings").textContent);
const { words, language } = settings;
const find = (id) => document.getElementById(id);
const [log, typing, notice, text, newest] = ["log", "typing", "notice", "text", "newest"].map(find);
const title = document.title;

const transcript = new Transcript(find("messages"), settings, {
  retry: (id) => sender.retry(id),
  discard: (id) => {
    sender.settle(id);
    transcript.removeUnsent(id);
  },
});
const sender = new Sender(language, showUnsent);
const photo = new PhotoField(find("photo"), find("preview"), settings.largest_photo, (reason) => say(words[reason]));
let receiver = null;
let botIsSilent = false;
let typingTimer = 0;
let noticeTimer = 0;

// ---- what comes

function receive(session) {
  if (receiver || !session) return;
  receiver = new Receiver(session, { received, connected, gone });
  log.setAttribute("aria-busy", "true"); // a history is not read out, what follows is
  receiver.open();
}

function received(messages) {
  const isHistory = log.ariaBusy === "true";
  messages.forEach((message) => {
    sender.settle(message.client_id);
    const follows = isNearEnd();
    const shown = transcript.show(message);
    if (message.author === "resident") return shown && scrollTo(shown);
    botIsSilent = message.author === "staff" || message.buttons.some(({ value }) => value === BACK_TO_BOT);
    showTyping(false);
    if (shown && !isHistory) follows ? scrollTo(shown) : (newest.hidden = false);
    if (document.hidden && !isHistory) document.title = `● ${words.new_message} – ${title}`;
  });
  if (isHistory && messages.length) log.scrollTo({ top: log.scrollHeight, behavior: "instant" });
  log.setAttribute("aria-busy", "false");
}

function connected(yes) {
  clearTimeout(noticeTimer);
  if (yes) say("");
  else noticeTimer = setTimeout(() => say(notice.dataset.offline), NOTICE_SECONDS * 1000);
}

function gone() {
  if (storage.isUnopened()) {
    receiver = null; // nothing was sent yet: the first message will bring us here again
  } else {
    say(notice.dataset.gone);
    log.setAttribute("aria-busy", "false");
  }
}

// ---- what goes

function showUnsent(item) {
  const follows = isNearEnd();
  const shown = transcript.showUnsent(item);
  if (shown) scrollTo(shown);
  else if (follows) log.scrollTop = log.scrollHeight;
  if (item.state === "sending") showTyping(!botIsSilent);
  if (item.state === "waiting" || item.state === "failed") showTyping(false);
  if (item.state === "sent") receive(storage.session());
}

function submit() {
  const content = { text: text.value.trim() };
  const chosen = photo.take();
  if (chosen) content.photo = chosen;
  if (!content.text && !chosen) return;
  text.value = "";
  grow();
  sender.send(content);
}

find("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});

text.addEventListener("keydown", (event) => {
  // while an input method composes (Chinese, Japanese, Korean), Enter is its own
  const composing = event.isComposing || event.keyCode === 229;
  if (event.key !== "Enter" || event.shiftKey || composing) return;
  event.preventDefault();
  submit();
});

text.addEventListener("paste", (event) => {
  const file = [...event.clipboardData.files].find((each) => each.type.startsWith("image/"));
  if (file) photo.choose(file);
});

log.addEventListener("click", (event) => {
  const button = event.target.closest(".choices button");
  if (!button || button.disabled) return;
  button.disabled = true; // against a double click; it can be pressed again later
  setTimeout(() => (button.disabled = false), 1000);
  sender.send({ text: button.textContent.trim(), button: button.value });
});

if ("geolocation" in navigator && isSecureContext) {
  find("locate").hidden = false;
  find("locate").addEventListener("click", () =>
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude } }) => sender.send({ location: { latitude, longitude } }),
      () => say(words.no_location),
      { timeout: 15_000, maximumAge: 60_000 },
    ),
  );
}

// ---- the page around

find("languages").addEventListener("click", async (event) => {
  const link = event.target.closest("a");
  if (!link || !storage.session() || link.ariaCurrent) return;
  event.preventDefault();
  await sender.send({ text: `/language ${link.textContent.trim()}` }); // kept, so it is sent after the page changed
  location.assign(link.href);
});

find("restart").addEventListener("click", () => find("confirm").showModal());
find("confirm").addEventListener("close", async () => {
  if (find("confirm").returnValue !== "yes") return;
  receiver?.close();
  storage.forgetSession();
  await sender.clear();
  location.reload();
});
storage.watchSession(() => location.reload());

function say(words) {
  notice.textContent = words;
}

function showTyping(yes) {
  clearTimeout(typingTimer);
  const follows = isNearEnd();
  typing.hidden = !yes;
  if (yes && follows) log.scrollTop = log.scrollHeight;
  if (yes) typingTimer = setTimeout(() => showTyping(false), TYPING_SECONDS * 1000);
}

function isNearEnd() {
  return log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_THE_END;
}

/** To the end, unless the message is so long that its beginning would be out of sight. */
function scrollTo(shown) {
  log.scrollTop = shown.offsetTop - 12;
}

newest.addEventListener("click", () => (log.scrollTop = log.scrollHeight));
log.addEventListener("load", () => isNearEnd() && (log.scrollTop = log.scrollHeight), true); // a photo has its size now
log.addEventListener("scroll", () => isNearEnd() && (newest.hidden = true), { passive: true });
document.addEventListener("visibilitychange", () => !document.hidden && (document.title = title));

function grow() {
  if (CSS.supports("field-sizing", "content")) return;
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight}px`;
}
text.addEventListener("input", grow);

// the keyboard of a phone takes its room from the page (iOS does not tell the layout)
visualViewport?.addEventListener("resize", () => {
  document.documentElement.style.setProperty("--height", `${visualViewport.height}px`);
  log.scrollTop = log.scrollHeight;
});

addEventListener("offline", () => connected(false));
receive(storage.session());
sender.resume(storage.session());
