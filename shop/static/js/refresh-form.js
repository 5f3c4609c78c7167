// Where a choice changes the sum, ask for the page again at once, without losing place or typing.
// Without this script the button "Perbarui ongkos" does the same.
const page = document.querySelector("#isi");

page.addEventListener("change", async (event) => {
  if (!event.target.matches("[data-refreshes]")) return;
  const form = event.target.form;
  const sent = new FormData(form);
  sent.set(form.dataset.refresh, "1");
  const { id, name, value } = event.target;
  try {
    const answer = await fetch(form.action, { method: "POST", body: sent });
    if (!answer.ok) throw new Error(answer.status);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    page.replaceChildren(...fresh.querySelector("#isi").childNodes);
    const again = id ? document.getElementById(id) : page.querySelector(`[name="${name}"][value="${value}"]`);
    again?.focus({ preventScroll: true });
  } catch {
    form.querySelector(`[name="${form.dataset.refresh}"]`).click();
  }
});
