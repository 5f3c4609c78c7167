// Photos are shrunk on the phone and sent one by one while the rest is typed. Whatever cannot be
// shrunk (HEIC on many browsers) travels as it is: the server takes it too.

const LONGEST = 1600;
const MOST_BYTES = 40_000_000;

/** A smaller JPEG of the file where this browser can read it and it gets smaller; else the file. */
async function shrunk(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return made && made.size < file.size ? made : file;
  } catch {
    return file;
  }
}

/** Sends one photo; `progress` hears how much of it has left the phone, from 0 to 1. */
function send(url, token, blob, name, progress) {
  return new Promise((done, fail) => {
    const body = new FormData();
    body.append("csrf_token", token);
    body.append("photos", blob, name);
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.responseType = "json";
    request.upload.onprogress = (event) => progress(event.loaded / event.total);
    request.onload = () => (request.response?.kept ? done(request.response) : fail());
    request.onerror = fail;
    request.send(body);
  });
}

function add(list, file, words) {
  const item = document.createElement("li");
  const box = document.createElement("div");
  const picture = new Image(240, 240);
  const bar = document.createElement("progress");
  const line = document.createElement("span");
  box.className = "photo";
  picture.alt = file.name;
  picture.src = URL.createObjectURL(file);
  picture.onload = picture.onerror = () => URL.revokeObjectURL(picture.src);
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", `${words.sending} ${file.name}`);
  line.className = "kept";
  line.textContent = words.sending;
  box.append(picture);
  const label = document.createElement("label");
  label.append(box, bar, line);
  item.append(label);
  list.append(item);
  return { item, picture, bar, line };
}

function finish(shot, kept, words) {
  const tick = document.createElement("input");
  tick.type = "checkbox";
  tick.name = "kept";
  tick.value = kept.token;
  tick.checked = true;
  shot.picture.src = kept.url;
  shot.bar.remove();
  shot.line.replaceChildren(tick, words.sent);
}

function refuse(field, words) {
  const line = field.querySelector("template").content.cloneNode(true);
  line.querySelector("span").textContent = words;
  field.querySelector("#photo-faults").append(line);
}

function watch(field) {
  const form = field.closest("form");
  const list = field.querySelector(".shots");
  const words = field.dataset;
  const token = form.elements.csrf_token.value;
  let line = Promise.resolve(); // one photo after the other: a weak signal carries one at a time
  let waiting = 0;
  let refused = false;

  async function carry(file) {
    const shot = add(list, file, words);
    try {
      const blob = await shrunk(file);
      if (blob.size > MOST_BYTES) throw new Error(words.large);
      const name = blob === file ? file.name : `${file.name}.jpg`;
      const answer = await send(words.photos, token, blob, name, (part) => {
        shot.bar.value = part;
        shot.line.textContent = `${Math.round(part * 100)} %`;
      });
      if (!answer.kept.length) throw new Error(answer.faults.join(" "));
      finish(shot, answer.kept[0], words);
    } catch (fault) {
      refused = true;
      shot.item.remove();
      refuse(field, fault?.message || words.failed);
    }
  }

  field.addEventListener("change", (event) => {
    if (event.target.type !== "file") return;
    const files = [...event.target.files];
    event.target.value = "";
    field.querySelector("#photo-faults").replaceChildren();
    waiting += files.length;
    for (const file of files) {
      line = line.then(() => carry(file)).finally(() => (waiting -= 1));
    }
  });

  // Pressing the button early is fine: the form goes when the last photo has arrived, unless one
  // was refused meanwhile, which must be read first.
  form.addEventListener("submit", (event) => {
    if (!waiting) return;
    const button = event.submitter;
    event.preventDefault();
    refused = false;
    button?.setAttribute("aria-busy", "true");
    line.finally(() => {
      button?.removeAttribute("aria-busy");
      if (refused) field.scrollIntoView();
      else form.requestSubmit(button);
    });
  });
}

document.querySelectorAll("[data-photos]").forEach(watch);
