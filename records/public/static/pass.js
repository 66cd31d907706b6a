// The page of a resident's own phone: takes the token that the kiosk's square brought, and shows the square for gates.
import { distance, recordsClock, WRONG_MS } from "./clock.js";
import { forget, keep, read } from "./keeping.js";
import { codeOf, counterOf, HALF_MINUTE_MS, makeKey } from "./key.js";
import { correction, generate } from "./lean-qr-nano.mjs";

const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 250;
const TOKEN = /^#([A-Za-z0-9_-]{32})$/;
const LANGUAGE = document.documentElement.lang;
const by = (id) => document.getElementById(id);
const otherLanguage = document.querySelector("header a");
const shown = { own: null, clock: null, counter: -1 };

// --- what is seen ---

const turn = (place) => {
  for (const each of document.querySelectorAll("[data-part]")) each.hidden = each.dataset.part !== place;
};

const say = (what) => {
  for (const each of document.querySelectorAll("[data-says]")) each.hidden = each.dataset.says !== what;
};

const told = (name, value) => {
  for (const each of document.querySelectorAll(`[data-told="${name}"]`)) {
    if (each.textContent !== value) each.textContent = value;
  }
};

const toldOfTheClock = () => {
  const ahead = shown.clock.ahead();
  by("clock-fast").hidden = ahead < WRONG_MS;
  by("clock-slow").hidden = ahead > -WRONG_MS;
  told("minutes", String(Math.max(1, Math.round(Math.abs(ahead) / 60_000))));
};

const draw = async () => {
  const { own, clock } = shown;
  if (!own || document.hidden) return;
  const counter = counterOf(clock.now());
  told("seconds", String(Math.ceil((HALF_MINUTE_MS - (clock.now() % HALF_MINUTE_MS)) / 1000)));
  toldOfTheClock();
  if (counter === shown.counter) return;
  shown.counter = counter;
  const code = await codeOf(own, counter);
  if (shown.own !== own || shown.counter !== counter) return; // its half minute is over, or its key is gone
  generate(code, { minCorrectionLevel: correction.M }).toCanvas(by("square"), { off: [255, 255, 255] });
};

const open = (own) => {
  Object.assign(shown, { own, clock: recordsClock(own.distanceMs), counter: -1 });
  const day = own.validTo && new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "long", timeZone: "UTC" });
  told("community", own.community[LANGUAGE.slice(0, 2)] ?? own.community.zh);
  told("until", day ? day.format(new Date(own.validTo)) : "");
  by("until").hidden = !day;
  turn("own");
  return Promise.all([draw(), compare()]);
};

// --- records ---

const asked = async (path, body) => {
  const more = body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const patience = new AbortController();
  setTimeout(() => patience.abort(), PATIENCE_MS);
  const sent = Date.now();
  const answer = await fetch(path, { ...more, credentials: "omit", cache: "no-store", signal: patience.signal });
  const received = Date.now();
  if (!answer.ok) return { status: answer.status, later: answer.headers.has("Retry-After") };
  const said = await answer.json();
  return { status: answer.status, said, distanceMs: distance(said.server_ms, sent, received) };
};

// Sets the clock by records', where they can be reached; else it goes on as it is.
const compare = async () => {
  const { own } = shown;
  if (!navigator.onLine) return;
  const { distanceMs } = await asked("/pass/time").catch(() => ({}));
  if (distanceMs === undefined || shown.own !== own) return;
  own.distanceMs = distanceMs;
  shown.clock.learnt(distanceMs);
  await keep("own", own);
  await draw();
};

// The key that goes with this token: the same one if it was on its way before.
const keyFor = async (token) => {
  const pending = await read("pending");
  if (pending?.token === token) return pending;
  const fresh = { token, ...(await makeKey()) };
  await keep("pending", fresh);
  return fresh;
};

const withoutToken = () => {
  history.replaceState(null, "", location.pathname + location.search);
  otherLanguage.hash = "";
};

const refused = async (status, later) => {
  if (status !== 404 && status !== 422) return say(status === 429 ? (later ? "slowed" : "full") : "away");
  withoutToken();
  await forget("pending");
  await route();
  say("used");
};

const take = async (token) => {
  const { key, publicKey } = await keyFor(token);
  const { status, later, said, distanceMs } = await asked("/pass/keys", { token, public_key: publicKey });
  if (!said) return refused(status, later);
  const { credential, community_id: communityId, community, valid_to: validTo } = said;
  const own = { token, key, credential, communityId, community, validTo, distanceMs };
  await keep("own", own);
  await forget("pending");
  withoutToken();
  await navigator.storage?.persist?.();
  await open(own);
};

// --- what somebody does ---

const pressed = (id, act) =>
  by(id).addEventListener("click", async () => {
    by(id).disabled = true;
    say("");
    try {
      await act();
    } catch (error) {
      say(error instanceof TypeError || error.name === "AbortError" ? "offline" : "unfit");
    } finally {
      by(id).disabled = false;
    }
  });

const remove = async () => {
  Object.assign(shown, { own: null, counter: -1 });
  by("square").width = 0;
  await forget("own");
  await forget("pending");
  turn("none");
  say("removed");
};

const route = async () => {
  const own = await read("own");
  const token = TOKEN.exec(location.hash)?.[1];
  otherLanguage.hash = location.hash;
  if (token && token !== own?.token) {
    Object.assign(shown, { own: null, counter: -1 });
    by("replaces").hidden = !own;
    return turn("offer");
  }
  if (location.hash) withoutToken();
  return own ? open(own) : turn("none");
};

const seen = async () => {
  if (document.hidden || !shown.own) return;
  const slept = shown.clock.woken();
  await draw();
  if (slept) await compare();
};

const stay = async () => {
  const { serviceWorker: worker } = navigator;
  if (!worker) return;
  if (navigator.onLine || !worker.controller) await worker.register("/pass/worker.js"); // and looks whether it is new
  await worker.ready;
  by("stays").hidden = false;
};

const begin = async () => {
  try {
    await route();
  } catch {
    return turn("unfit"); // no safe connection, no store, or a browser from before 2020
  }
  pressed("take", () => take(TOKEN.exec(location.hash)?.[1] ?? ""));
  pressed("remove", remove);
  addEventListener("hashchange", route);
  addEventListener("pageshow", seen);
  document.addEventListener("visibilitychange", seen);
  setInterval(draw, LOOK_EVERY_MS);
  await stay().catch(() => {}); // the page works all the same while there is a network
};

begin();
