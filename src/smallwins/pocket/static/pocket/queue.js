// What is kept on this phone until it is sent. Only the worker reads this file; classic, not a module, because not
// every browser takes modules in a worker.

const BLOCK = 512; // what is sealed is padded, so that its size says little
const utf8 = new TextEncoder();

const database = () =>
  new Promise((done, refuse) => {
    const asked = indexedDB.open("pocket", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("items", { keyPath: "order", autoIncrement: true });
      asked.result.createObjectStore("own");
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => refuse(asked.error);
  });

// One act in one transaction; done when it is on the disk.
const inStore = async (store, mode, act) => {
  const base = await database();
  try {
    return await new Promise((done, refuse) => {
      const transaction = base.transaction(store, mode, { durability: "strict" });
      const request = act(transaction.objectStore(store));
      transaction.oncomplete = () => done(request.result);
      transaction.onabort = transaction.onerror = () => refuse(transaction.error);
    });
  } finally {
    base.close();
  }
};

const own = (name) => inStore("own", "readonly", (store) => store.get(name));
const setOwn = (name, value) => inStore("own", "readwrite", (store) => store.put(value, name));
const rows = () => inStore("items", "readonly", (store) => store.getAll());
const letGo = (order) => inStore("items", "readwrite", (store) => store.delete(order));
const put = (row) => inStore("items", "readwrite", (store) => store.put(row));

// Made once; the browser does not hand it out, not even to us.
const key = () =>
  navigator.locks.request("pocket-key", async () => {
    const known = await own("key");
    if (known) return known;
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    await setOwn("key", made);
    return made;
  });

const bound = (owner, iv) => ({ name: "AES-GCM", iv, additionalData: utf8.encode(owner) });

const seal = async (owner, item) => {
  const text = utf8.encode(JSON.stringify(item));
  const padded = new Uint8Array(Math.ceil(text.length / BLOCK) * BLOCK).fill(32);
  padded.set(text);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { owner, iv, box: await crypto.subtle.encrypt(bound(owner, iv), await key(), padded) };
};

// null for what does not open: it stays where it is, and is in nobody's way.
const unseal = async ({ owner, iv, box }) => {
  try {
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(bound(owner, iv), await key(), box)));
  } catch {
    return null;
  }
};

const moment = () => {
  const now = new Date();
  const east = -now.getTimezoneOffset();
  const two = (number) => String(Math.trunc(Math.abs(number))).padStart(2, "0");
  const here = new Date(now.getTime() + east * 60000).toISOString().slice(0, 23);
  return `${here}${east < 0 ? "-" : "+"}${two(east / 60)}:${two(east % 60)}`;
};

const queue = async (owner, item) => put(await seal(owner, { at: moment(), ...item }));

// What a page of this owner has to say: whether something waits, and what could not be sent.
const stateOf = async (owner) => {
  const stuck = [];
  let waiting = false;
  for (const row of await rows()) {
    if (row.owner !== owner) continue;
    const item = await unseal(row);
    if (item && !item.refused) waiting = true;
    else stuck.push({ order: row.order, text: item?.text, tap: item?.tap, unreadable: !item });
  }
  return { waiting, stuck, signedOut };
};

let notBefore = 0;
let signedOut = false;

const post = async (owner, { key: idempotency, text, tap, at }) => {
  const answer = await fetch(CARRIED.send, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": idempotency, Letterbox: owner },
    body: JSON.stringify(tap ? { tap, at } : { text, at }),
    credentials: "same-origin",
    redirect: "error",
    signal: AbortSignal.timeout(20000),
  });
  if (answer.status === 429) notBefore = Date.now() + 1000 * (Number(answer.headers.get("Retry-After")) || 60);
  signedOut = answer.status === 401;
  return answer.status;
};

// 201 is the only answer that lets go of an item. What the server will never take is marked, and the rest goes on.
// Anything else means: later, and in the same order.
const sendOne = async (row, item) => {
  let status = await post(row.owner, item).catch(() => 0);
  // The clock of a phone may run ahead: then the moment it arrives is better than not at all.
  if (status === 422) status = await post(row.owner, { ...item, at: undefined }).catch(() => 0);
  if (status === 201) await letGo(row.order);
  else if ([400, 413, 422].includes(status)) {
    await put({ order: row.order, ...(await seal(row.owner, { ...item, refused: status })) });
  } else return false;
  return true;
};

// One at a time in this browser, whoever asks: a second one begins when the first is done, and finds what is left.
const sendAll = () =>
  navigator.locks.request("pocket-send", async () => {
    const owner = await own("owner");
    let moved = false;
    for (const row of await rows()) {
      const item = row.owner === owner && (await unseal(row));
      if (!item || item.refused) continue;
      if (Date.now() < notBefore || !(await sendOne(row, item))) return { moved, left: true };
      moved = true;
    }
    return { moved, left: false };
  });
