// Every page works without this file. It only adds what a page alone cannot do.

// Leave now: blank the page at once, ask the server to lock, go elsewhere without waiting for an answer.
// The page replaces itself, so "back" does not show it.
document.querySelector("form[data-leave]")?.addEventListener("submit", (event) => {
  const form = event.currentTarget;
  event.preventDefault();
  document.body.hidden = true;
  document.title = "";
  fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true, redirect: "manual" }).catch(() => {});
  location.replace(form.dataset.leave);
});

// Shaking hands press twice: the second press within two seconds does nothing.
const sent = new WeakMap();
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  if (Date.now() - (sent.get(event.target) ?? 0) < 2000) event.preventDefault();
  else sent.set(event.target, Date.now());
});

// What was kept is kept, what was found is found: "reload" and "back" need not send it, or show it, again.
if (document.querySelector("main.honored, main.search")) history.replaceState(null, "", location.href);

// What needs another look is read out and reached first.
document.querySelector(".summary")?.focus();

// A page kept by the browser from before a lock is never shown again as it was.
addEventListener("pageshow", (event) => event.persisted && location.reload());

// Left alone, the page hides itself. Words not yet kept are hidden, not thrown away.
const { idleSeconds, lockedUrl } = document.body.dataset;
const veil = document.getElementById("veil");
const main = document.getElementById("main");
let last = Date.now();

const leaveForLock = () => {
  last = Infinity;
  document.body.hidden = true;
  location.replace(lockedUrl);
};

const hide = () => {
  const draft = document.querySelector("form[data-draft] textarea");
  if (!veil || !draft?.value || draft.value === draft.defaultValue) return leaveForLock();
  for (const part of main.children) part.hidden = part !== veil;
};

if (idleSeconds) {
  const look = () => Date.now() - last > idleSeconds * 1000 && hide();
  for (const kind of ["pointerdown", "keydown", "input", "scroll"]) {
    addEventListener(kind, () => (last = Date.now()), { passive: true });
  }
  setInterval(look, 1000);
  document.addEventListener("visibilitychange", look);
  veil?.querySelector("button").addEventListener("click", () => {
    last = Date.now();
    for (const part of main.children) part.hidden = part === veil;
    document.querySelector("form[data-draft] textarea").focus();
  });
}

// The print button is only there when it can work.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// On a host people live in other time zones than the server; their browser says in which, by its name alone.
if ("zone" in document.body.dataset) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  document.cookie = `zone=${zone}; path=/; max-age=31536000; samesite=lax; secure`;
}
