// A row of places is often wider than a phone: begin with the current one in the middle of it.
for (const here of document.querySelectorAll(":is(.aisles, .chips) [aria-current]")) {
  const row = here.closest(".aisles, .chips");
  const [inner, outer] = [here.getBoundingClientRect(), row.getBoundingClientRect()];
  row.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
}
