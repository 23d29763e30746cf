// The little that htmx cannot do by itself. No state, nothing stored.
(() => {
  "use strict";

  const log = () => document.getElementById("log");
  const atEnd = (box) => box.scrollHeight - box.scrollTop - box.clientHeight < 120;
  let follow = true;

  const toEnd = () => {
    const box = log();
    if (box && follow) box.scrollTop = box.scrollHeight;
  };

  // After a reconnection the server repeats what the page shows already: pass over it.
  document.addEventListener("htmx:sseBeforeMessage", (event) => {
    const fresh = new DOMParser().parseFromString(event.detail.data, "text/html").body.firstElementChild;
    const shown = fresh && fresh.id ? document.getElementById(fresh.id) : null;
    if (shown && shown.dataset.version && shown.dataset.version === fresh.dataset.version) event.preventDefault();
  });

  const nameTab = () => {
    const queue = document.getElementById("queue");
    if (!queue) return;
    const plain = document.title.replace(/^\(\d+\) /, "");
    const waiting = Number(queue.dataset.waiting);
    document.title = waiting ? `(${waiting}) ${plain}` : plain;
  };

  document.addEventListener("htmx:afterSettle", () => {
    toEnd();
    nameTab();
  });

  // A sent reply leaves an empty composer: go on writing there.
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target.closest && event.detail.requestConfig?.verb === "post") document.getElementById("reply")?.focus();
  });

  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("#composer form");
    if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
  });

  document.addEventListener("DOMContentLoaded", () => {
    nameTab();
    const box = log();
    if (!box) return;
    toEnd();
    box.addEventListener("scroll", () => (follow = atEnd(box)), { passive: true });
    box.addEventListener("load", toEnd, true); // photos
    new ResizeObserver(toEnd).observe(box);
  });
})();
