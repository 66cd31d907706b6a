// Keeps the page on the phone, so that it opens at a gate where there is no network. VERSION and FILES stand above.
"use strict";
const NAME = `lamplight-pass-${VERSION}`;
const fresh = (path) => new Request(path, { cache: "reload" });

const store = async () => {
  const cache = await caches.open(NAME);
  await cache.addAll(FILES.map(fresh)); // all of them, or none
  await self.skipWaiting();
};

const tidy = async () => {
  for (const name of await caches.keys()) {
    if (name.startsWith("lamplight-pass-") && name !== NAME) await caches.delete(name);
  }
  await self.clients.claim();
};

// A page's address may have got something added on its way: it is the same page.
const found = async (request) => {
  const cache = await caches.open(NAME);
  const page = request.mode === "navigate" && new URL(request.url).pathname === "/pass/";
  return (await cache.match(request)) ?? (page ? await cache.match("/pass/") : undefined) ?? fetch(request);
};

self.addEventListener("install", (event) => event.waitUntil(store()));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("fetch", (event) => {
  if (event.request.method === "GET" && !event.request.url.endsWith("/time")) event.respondWith(found(event.request));
});
