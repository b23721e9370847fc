// Keeps the simulator for who has no network: its page as anybody sees it, and
// what that page loads. ADRESSES and VERSION stand before this text when it is
// served; another version replaces what is kept.
"use strict";
const RESERVE = "simulateur-" + VERSION;

self.addEventListener("install", (e) => e.waitUntil((async () => {
  const reserve = await caches.open(RESERVE);
  await reserve.addAll(ADRESSES);
  // Without cookies: nobody's name is kept.
  await reserve.put("/simulateur", await fetch("/simulateur", { credentials: "omit" }));
  await self.skipWaiting();
})()));

self.addEventListener("activate", (e) => e.waitUntil((async () => {
  for (const nom of await caches.keys()) {
    if (nom.startsWith("simulateur-") && nom !== RESERVE) await caches.delete(nom);
  }
  await self.clients.claim();
})()));

self.addEventListener("fetch", (e) => {
  const chemin = new URL(e.request.url).pathname;
  if (e.request.method !== "GET") return;
  if (ADRESSES.includes(chemin)) {
    e.respondWith((async () => (await (await caches.open(RESERVE)).match(chemin)) ?? fetch(e.request))());
  } else if (e.request.mode === "navigate" && chemin === "/simulateur") {
    e.respondWith(fetch(e.request).catch(async () => (await caches.open(RESERVE)).match("/simulateur")));
  }
});
