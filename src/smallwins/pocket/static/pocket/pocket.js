// The page's side of keeping without signal. Every page works without this file, and without the worker.

const tag = document.body.dataset.letterbox; // "" where nobody is signed in; undefined where the page does not know
const workers = navigator.serviceWorker;
const find = (selector) => document.querySelector(selector);

const tell = async (message) => (await workers.ready).active.postMessage({ tag, ...message });

// A win goes to whoever this page belongs to, whatever other tabs show.
document.addEventListener("formdata", ({ target, formData }) => {
  if (tag && target.matches("form[action='/']")) formData.set("letterbox", tag);
});

const wordsOf = ({ text, tap }) =>
  text || find(`[value="${CSS.escape(tap ?? "")}"]`)?.textContent || (tap ?? "").split(" ").slice(1).join(" ");

let given; // what this page was opened to show

// Words go in as text, never as HTML.
const showGiven = (words) => {
  given = words;
  const kept = find("[data-words]");
  const field = find("textarea[name=text]");
  if (kept) {
    kept.textContent = wordsOf(given);
    navigator.storage?.persist?.();
  } else if (field && !field.value) field.value = wordsOf(given);
  const why = find(`[data-given="${given.why}"]`);
  if (why) why.hidden = false;
};

const stuckOne = (item) => {
  const part = find(item.unreadable ? "#unreadable" : "#refused").content.firstElementChild.cloneNode(true);
  const words = part.querySelector(".words");
  if (words) words.textContent = wordsOf(item);
  part.querySelector("[data-copy]")?.addEventListener("click", () => navigator.clipboard.writeText(words.textContent));
  part.querySelector("[data-let-go]").addEventListener("click", () => tell({ drop: item.order }));
  return part;
};

let again;

const show = ({ waiting, stuck, signedOut }) => {
  const [notice, sent, place, out] = ["[data-waiting]", "[data-sent]", "[data-stuck]", "[data-out]"].map(find);
  if (notice) notice.hidden = !waiting;
  if (out) out.hidden = !(waiting && signedOut);
  if (sent) sent.hidden = waiting || !given;
  const orders = String(stuck.map(({ order }) => order));
  if (place && place.dataset.orders !== orders) {
    place.dataset.orders = orders; // drawn again only where it changed, so that nobody loses their place
    place.hidden = !stuck.length;
    place.replaceChildren(...stuck.map(stuckOne));
  }
  clearTimeout(again);
  if (waiting) again = setTimeout(tell, 30000, { send: true });
};

if (workers) {
  workers.addEventListener("message", ({ data }) => {
    if (data.words) showGiven(data.words);
    else if (data.changed) tell({});
    else show(data);
  });
  workers.startMessages();
  addEventListener("online", () => tell({ send: true }));
  workers.register("/sw.js", { updateViaCache: "none" }).catch(() => {});
  tell({ seen: true, send: true });
}

// Offline, the page of all countries opens at the one that was asked for.
const country = new URLSearchParams(location.search).get("country");
const asked = country && document.getElementById(country);
if (asked instanceof HTMLDetailsElement) asked.open = true;
