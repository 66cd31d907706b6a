// Asks every few seconds for the strip of alarms. Without scripts the strip is as old as its page.
"use strict";
(() => {
  const EVERY_MS = 3000;
  const strip = document.getElementById("alarms");
  const lost = document.getElementById("alarms-lost");
  const title = document.title;

  const show = (text) => {
    if (strip.dataset.shown === text) return; // nothing new: a focus stays where it is
    strip.innerHTML = text; // made by our own template, which escapes what it is given
    strip.dataset.shown = text;
    const calls = strip.querySelector(".alarm:not(.quiet)");
    document.title = calls ? `❗ ${title}` : title;
  };

  const ask = async () => {
    try {
      const answer = await fetch(strip.dataset.from, { redirect: "error", signal: AbortSignal.timeout(EVERY_MS) });
      if (!answer.ok) throw new Error(String(answer.status));
      show(await answer.text());
      lost.hidden = true;
    } catch {
      lost.hidden = false;
    }
    setTimeout(ask, EVERY_MS);
  };

  strip.dataset.shown = strip.innerHTML;
  setTimeout(ask, EVERY_MS);
})();
