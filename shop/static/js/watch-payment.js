// While a code waits to be paid: count its time down, ask now and then whether the money came, and
// show the page anew once something changed. Without this script the button asks.
const code = document.querySelector("#code");
const left = document.querySelector("#left");
const FAST = 4000, SLOW = 20000, PATIENT = 180000;
const began = Date.now();

function countDown() {
  const seconds = Math.floor(Number(left.dataset.until) - Date.now() / 1000);
  if (seconds < 0) return location.reload();
  left.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  setTimeout(countDown, 1000);
}

async function ask() {
  if (!document.hidden) {
    try {
      const answer = await fetch(code.dataset.asks, { headers: { Accept: "application/json" } });
      const now = await answer.json();
      if (answer.ok && changed(now)) return location.reload();
    } catch {
      // no line at the moment: ask again later
    }
  }
  setTimeout(ask, Date.now() - began < PATIENT ? FAST : SLOW);
}

function changed(now) {
  return now.state !== code.dataset.state || (now.code ? "yes" : "no") !== code.dataset.code;
}

if (left) countDown();
setTimeout(ask, FAST);
