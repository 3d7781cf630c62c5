// Keeps the diary's empty form and its scripts, never an answer about anybody.
const PAGE = {{ page|safe }};
const FILES = {{ files|safe }};
const OURS = "diary-{{ language }}-";
const KEPT = `${OURS}{{ stamp }}`;

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(keep());
});
addEventListener("activate", (event) => event.waitUntil(Promise.all([forgetOlder(), clients.claim()])));
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => kept(PAGE)));
  else if (FILES.includes(new URL(request.url).pathname)) event.respondWith(kept(request));
});

async function keep() {
  const cache = await caches.open(KEPT);
  for (const path of [PAGE, ...FILES]) {
    const answer = await fetch(path, { cache: "no-store" });
    if (!answer.ok || answer.redirected) throw new Error(`${path} must be there; it is not.`);
    await cache.put(path, answer);
  }
}

async function kept(request) {
  const cache = await caches.open(KEPT);
  return (await cache.match(request, { ignoreVary: true })) ?? fetch(request);
}

async function forgetOlder() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(OURS) && name !== KEPT).map((name) => caches.delete(name)));
}
