// Asks every few seconds for the parts of a page that others change: the strip of alarms, the list of who waits. How many
// wait in the menu comes along with either.
// Without scripts the strip is as old as its page, and the list's page asks for itself.
"use strict";
(() => {
  const PATIENCE_MS = 3000;
  const lost = document.getElementById("live-lost");
  const missing = new Set();

  const bell = () => {
    const calls = document.querySelector("#alarms .alarm:not(.quiet)");
    document.title = `${calls ? "❗ " : ""}${document.title.replace(/^❗ /, "")}`;
  };

  const count = (page) => {
    for (const { dataset, textContent } of page.querySelectorAll("[data-waits]")) {
      for (const each of document.querySelectorAll(`[data-waits="${dataset.waits}"]`)) {
        if (each.textContent !== textContent) each.textContent = textContent;
      }
    }
  };

  const show = (part, text) => {
    const page = new DOMParser().parseFromString(text, "text/html"); // runs no script
    count(page);
    const fresh = page.getElementById(part.id)?.innerHTML ?? page.body.innerHTML;
    if (part.dataset.shown === fresh) return; // nothing new: a focus stays where it is
    part.innerHTML = fresh; // made by our own templates, which escape what they are given
    part.dataset.shown = fresh;
    document.title = page.title || document.title;
    bell();
  };

  const ask = async (part) => {
    try {
      const answer = await fetch(part.dataset.from, { signal: AbortSignal.timeout(PATIENCE_MS) });
      if (answer.redirected && "moves" in part.dataset) return location.assign(answer.url); // nothing is typed here
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      show(part, await answer.text());
      missing.delete(part);
    } catch {
      missing.add(part);
    }
    lost.hidden = missing.size === 0;
    setTimeout(ask, part.dataset.everyMs, part);
  };

  for (const part of document.querySelectorAll("[data-from]")) {
    part.dataset.shown = part.innerHTML;
    setTimeout(ask, part.dataset.everyMs, part);
  }
})();
