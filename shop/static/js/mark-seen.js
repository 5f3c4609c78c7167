// Tell the shop that this order was looked at; a page that is only read cannot write by itself.
const form = document.querySelector("#seen");
if (form) fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true }).catch(() => {});
