// The worker between the pages and the network. It stores only what is the same for everybody, and never an answer
// to what somebody did. Nothing here is written when a page is visited.

const PATIENCE = 10000; // how long a weak signal may keep somebody waiting
const PAGES = [CARRIED.shell, CARRIED.kept, CARRIED.door, CARRIED.everywhere];
const handed = new Map(); // for a page that is being opened: the words it is to show

// --- What is carried ---

const carry = async (cache, address, headers) => {
  const answer = await fetch(address, { credentials: "omit", redirect: "error", headers });
  if (!answer.ok) throw new Error(address);
  await cache.put(address, answer);
};

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(
    caches.open(VERSION).then((cache) =>
      Promise.all([
        ...PAGES.map((address) => carry(cache, address, { Shell: CARRIED.face })),
        ...CARRIED.files.map((address) => carry(cache, address)),
      ]),
    ),
  );
});

addEventListener("activate", (event) => {
  const clean = async () => {
    for (const name of await caches.keys()) if (name !== VERSION) await caches.delete(name);
    await clients.claim();
  };
  event.waitUntil(clean());
});

const carried = async (address) => (await caches.open(VERSION)).match(address);

// --- Pages: the network first ---

const isDoor = ({ pathname }) => pathname.startsWith(CARRIED.door);

const network = (request, patience) =>
  new Promise((done, refuse) => {
    fetch(request).then((answer) => ([502, 503, 504].includes(answer.status) ? refuse(answer) : done(answer)), refuse);
    if (patience) setTimeout(refuse, patience);
  });

const standIn = (url) => {
  if (!isDoor(url)) return CARRIED.shell;
  return url.search || url.pathname === CARRIED.everywhere ? CARRIED.everywhere : CARRIED.door;
};

const page = async (request, url) => {
  try {
    return await network(request, isDoor(url) && PATIENCE);
  } catch (answer) {
    return (await carried(standIn(url))) ?? (answer instanceof Response ? answer : Response.error());
  }
};

// --- Keeping: a page that is answered here gets its words by message, never as HTML ---

const show = async (address, client, words) => {
  handed.set(client, words);
  return (await carried(address)) ?? Response.error();
};

const keepHere = async (form, client) => {
  const words = { text: form.get("text") ?? "", tap: form.get("tap") ?? "" };
  try {
    const owner = form.get("letterbox") || (await own("owner"));
    if (!owner) return show(CARRIED.shell, client, { ...words, why: "nobody" });
    await queue(owner, { ...words, key: form.get("form_key") || crypto.randomUUID().replaceAll("-", "") });
    registration.sync?.register("send").catch(() => {});
  } catch {
    return show(CARRIED.shell, client, { ...words, why: "trouble" });
  }
  return show(CARRIED.kept, client, words);
};

const keep = async (event) => {
  const form = await event.request.clone().formData();
  if (form.has("shell")) {
    const answer = await keepHere(form, event.resultingClientId);
    event.waitUntil(sendAndTell());
    return answer;
  }
  try {
    return await network(event.request, PATIENCE);
  } catch {
    return keepHere(form, event.resultingClientId);
  }
};

const share = async (event) => {
  const form = await event.request.clone().formData();
  try {
    return await network(event.request, PATIENCE);
  } catch {
    const parts = ["title", "text", "url"].map((name) => (form.get(name) ?? "").trim());
    const text = [...new Set(parts.filter(Boolean))].join("\n");
    return show(CARRIED.shell, event.resultingClientId, { text, tap: "" });
  }
};

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode !== "navigate") {
    const here = CARRIED.files.includes(url.pathname + url.search);
    if (here) event.respondWith(carried(request.url).then((found) => found ?? fetch(request)));
  } else if (request.method === "GET") event.respondWith(page(request, url));
  else if (url.pathname === CARRIED.today) event.respondWith(keep(event));
  else if (url.pathname === CARRIED.share) event.respondWith(share(event));
});

// --- Pages ask, and are told ---

const sendAndTell = async () => {
  const before = signedOut;
  const { moved, left } = await sendAll();
  if (moved || signedOut !== before) for (const client of await clients.matchAll()) client.postMessage({ changed: true });
  return left;
};

const answer = async (client, { tag, seen, send, drop }) => {
  const words = handed.get(client.id);
  handed.delete(client.id);
  if (words) client.postMessage({ words }); // first: the store may be what does not work
  if (seen && tag !== undefined) await setOwn("owner", tag);
  if (drop) await letGo(drop);
  client.postMessage(await stateOf(tag || (await own("owner"))));
  if (send) await sendAndTell();
};

addEventListener("message", (event) => event.waitUntil(answer(event.source, event.data)));

addEventListener("sync", (event) =>
  event.waitUntil(sendAndTell().then((left) => left && Promise.reject(new Error("later")))),
);
