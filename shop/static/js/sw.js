// Shows push messages and opens what they are about. It keeps no pages: the shop itself is fast.
self.addEventListener("push", (event) => {
  const { title, body, link, tag } = event.data ? event.data.json() : {};
  event.waitUntil(self.registration.showNotification(title || "Pelantar", {
    body, tag, data: { link },
  }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const wanted = new URL(event.notification.data.link || "/", self.location.origin);
  if (wanted.origin !== self.location.origin) return;
  event.waitUntil((async () => {
    for (const page of await self.clients.matchAll({ type: "window" })) {
      if (new URL(page.url).pathname === wanted.pathname) return page.focus();
    }
    return self.clients.openWindow(wanted.href);
  })());
});
