// Let this phone be told. The button shows only where the browser can do it and has not refused.
const form = document.querySelector("[data-push]");
if (form && "serviceWorker" in navigator && "PushManager" in window && Notification.permission !== "denied") {
  begin();
}

async function begin() {
  const worker = await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });
  const known = await worker.pushManager.getSubscription();
  show(Boolean(known) && kept().includes(form.action));
  form.parentElement.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const off = event.submitter?.value === "off";
    try {
      if (await tell(worker, off)) show(!off);
      else fail();
    } catch {
      fail();
    }
  });
}

async function tell(worker, off) {
  const subscription = (await worker.pushManager.getSubscription()) || (off ? null
    : await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(form.dataset.push) }));
  if (!subscription) return true;
  const { endpoint, keys } = subscription.toJSON();
  const sent = new FormData(form);
  for (const [name, value] of Object.entries({ endpoint, ...keys, off: off ? "1" : "" })) sent.set(name, value);
  const answer = await fetch(form.action, { method: "POST", body: sent });
  if (answer.ok) keep(off);
  return answer.ok;
}

// Which pages have asked on this phone; the browser itself has one subscription for all of them.
function kept() {
  try { return JSON.parse(localStorage.getItem("push") || "[]"); } catch { return []; }
}

function keep(off) {
  const others = kept().filter((one) => one !== form.action).slice(-30);
  try { localStorage.setItem("push", JSON.stringify(off ? others : [...others, form.action])); } catch { /* private window */ }
}

function show(on) {
  form.querySelector("[data-on]").hidden = on;
  form.querySelector("[data-off]").hidden = !on;
  form.querySelector("[data-failed]").hidden = true;
}

function fail() {
  form.querySelector("[data-failed]").hidden = false;
}

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}
