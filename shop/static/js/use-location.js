// A press takes the place from the phone and writes it into two fields, as plain numbers; another
// press clears them. Without this script the fields can be typed in.
document.documentElement.dataset.locates = "";

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-locate], [data-unlocate]");
  if (!button) return;
  const { locate, unlocate, fault } = button.dataset;
  const [north, east] = (locate ?? unlocate).split(" ").map((name) => button.form.elements[name]);
  const told = button.closest("details").querySelector("[data-located]");
  const fill = (latitude, longitude) => {
    [north.value, east.value] = [latitude, longitude];
    told.textContent = [latitude, longitude].filter(Boolean).join(", ");
  };
  if (unlocate) fill("", "");
  else {
    navigator.geolocation?.getCurrentPosition(
      ({ coords }) => fill(coords.latitude.toFixed(6), coords.longitude.toFixed(6)),
      () => { told.textContent = fault; },
      { enableHighAccuracy: true, timeout: 15000 },
    );
  }
});
