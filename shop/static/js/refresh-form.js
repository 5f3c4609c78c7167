// Where a choice changes the sum, ask for the page again at once. What can be typed in stays as it
// is, with focus and caret, for people type on while the answer is under way; the rest is renewed.
// Without this script the button "Perbarui ongkos" does the same.
const TYPED = "input:not([type=hidden], [data-refreshes]), select, textarea";
const page = document.querySelector("#isi");
let latest = 0;

page.addEventListener("submit", () => { latest += 1; });

page.addEventListener("change", async (event) => {
  if (!event.target.matches("[data-refreshes]")) return;
  const turn = (latest += 1);
  const form = event.target.form;
  const sent = new FormData(form);
  sent.set(form.dataset.refresh, "1");
  try {
    const answer = await fetch(form.action, { method: "POST", body: sent });
    if (!answer.ok) throw new Error(answer.status);
    const text = await answer.text();
    if (turn === latest) show(new DOMParser().parseFromString(text, "text/html"));
  } catch {
    if (turn === latest) form.querySelector(`[name="${form.dataset.refresh}"]`).click();
  }
});

function show(fresh) {
  const { name, value } = document.activeElement;
  renew(page, fresh.querySelector("#isi"));
  if (document.activeElement === document.body && name) {
    page.querySelector(`[name="${name}"][value="${value}"]`)?.focus({ preventScroll: true });
  }
}

// Make `live` like `fresh`, but for the controls that both hold and all that is around them.
function renew(live, fresh) {
  let next = live.firstChild;
  for (const node of [...fresh.childNodes]) {
    const twin = twinOf(node, next);
    if (!twin) {
      live.insertBefore(node, next);
      continue;
    }
    while (next !== twin) next = dropped(next);
    next = twin.nextSibling;
    if (!twin.matches(TYPED)) renew(twin, node);
    else for (const told of ["aria-invalid", "aria-describedby"]) copy(told, node, twin);
  }
  while (next) next = dropped(next);
}

function twinOf(node, from) {
  const wanted = control(node);
  let twin = wanted && from;
  while (twin && control(twin) !== wanted) twin = twin.nextSibling;
  return twin;
}

// What tells a piece of the page from its neighbours: the first control in it.
function control(node) {
  if (!node.matches) return null;
  const found = node.matches(TYPED) ? node : node.querySelector(TYPED);
  return found && (found.type === "radio" ? `${found.name} ${found.value}` : found.name);
}

function dropped(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

function copy(name, from, to) {
  if (from.hasAttribute(name)) to.setAttribute(name, from.getAttribute(name));
  else to.removeAttribute(name);
}
