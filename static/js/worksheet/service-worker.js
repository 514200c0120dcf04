/**
 * Keeps the offline worksheet on the phone: its page, its modules, its style sheets, as one set of one version.
 *
 * Served by consulta/web/offline.py, which writes VERSION, ASSETS and SHELLS above these lines. The page holds no data
 * of any session, so that one copy of it (in each language) serves them all; data are kept by store.js. Every other
 * address under /sesiones/ goes past.
 */

/* global VERSION, ASSETS, SHELLS */

const CACHE = `consulta-hoja-${VERSION}`;
const CHOICE = "consulta-hoja-language";
const PAGE = /^\/sesiones\/\d+\/hoja\/?$/;

// All or nothing: a set that is half here would not start without a line.
addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([...ASSETS, ...Object.values(SHELLS)])).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  const clean = caches.keys().then((names) =>
    Promise.all(names.filter((name) => name.startsWith("consulta-hoja-") && name !== CACHE && name !== CHOICE).map((name) => caches.delete(name))));
  event.waitUntil(clean.then(() => clients.claim()));
});

const chosen = async () => {
  const kept = await (await caches.open(CHOICE)).match("/");
  const language = kept ? await kept.text() : "es";
  return SHELLS[language] ? language : "es";
};

const choose = async (language) => {
  if (SHELLS[language]) await (await caches.open(CHOICE)).put("/", new Response(language));
};

addEventListener("message", (event) => {
  if (event.data && event.data.language) event.waitUntil(choose(event.data.language));
});

const shell = async (request, language) => {
  if (language) await choose(language);
  const cache = await caches.open(CACHE);
  return (await cache.match(SHELLS[await chosen()], { ignoreVary: true })) || fetch(request);
};

const asset = async (request) => (await (await caches.open(CACHE)).match(request, { ignoreVary: true })) || fetch(request);

addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (PAGE.test(address.pathname)) event.respondWith(shell(request, address.searchParams.get("idioma")));
  } else if (ASSETS.includes(address.pathname + address.search)) {
    event.respondWith(asset(request));
  }
});
