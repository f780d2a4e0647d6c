"use strict";

// One talk: what was said, what is still to be sent, what can be tapped. It lives as long as the
// tab does, so that a reload shows it again; the bot keeps the session itself.

const KEY = "chat";
const MOST_KEPT = 200;
const PATIENCE_MS = 20000;
// Most answers come at once; one that takes longer is being worded by a model.
const LOOKING_UP_MS = 1200;
// To record a talk, a bot plays it several times over.
const RECORDING_MS = 120000;
const STARTERS = [
  { id: "Hola", title: "Hola" },
  { id: "Busco una camioneta de menos de 300 mil", title: "Camioneta de menos de 300 mil" },
];
const RESTART = { id: "reiniciar", title: "Empezar de nuevo" };

const find = (id) => document.getElementById(id);
const [scroll, welcome, log, chips, form, text] =
  ["scroll", "welcome", "log", "chips", "form", "text"].map(find);
const clock = new Intl.DateTimeFormat("es-MX", { hour: "numeric", minute: "2-digit" });

const talk = restored();
let sending = false;

// ---- what is kept

function restored() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY));
    if (kept) return kept;
  } catch { /* Storage is off: the talk is not shown again, and that is all. */ }
  return { said: [], outbox: [], choices: STARTERS };
}

function keep() {
  talk.said = talk.said.slice(-MOST_KEPT);
  try {
    sessionStorage.setItem(KEY, JSON.stringify(talk));
  } catch { /* As above. */ }
}

// ---- sending

function say(message, shown) {
  const id = messageId();
  const said = { id, from: "me", text: shown, media: [], at: Date.now() };
  talk.said.push(said);
  talk.outbox.push({ id, message });
  talk.choices = [];
  keep();
  const bubble = show(said);
  showChips();
  reveal(bubble);
  deliver();
}

// One after the other, in order. What failed stays first, under the same id: the bot takes it
// once, however often it comes.
async function deliver() {
  if (sending || talk.outbox.length === 0) return;
  sending = true;
  log.querySelector(".trouble")?.remove();
  const next = talk.outbox[0];
  const dots = log.appendChild(stamp("typing"));
  reveal(dots);
  const looking = setTimeout(() => {
    dots.querySelector(".looking").hidden = false;
    reveal(dots);
  }, LOOKING_UP_MS);
  try {
    const replies = await post(next);
    talk.outbox.shift();
    dots.remove();
    settle(next.id);
    hear(replies);
  } catch {
    dots.remove();
    complain(next.id);
    sending = false;
    return;
  } finally {
    clearTimeout(looking);
  }
  sending = false;
  deliver();
}

async function post({ id, message }) {
  const response = await fetch("page/message", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ message, message_id: id }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (!response.ok) throw new Error(String(response.status));
  return (await response.json()).replies;
}

// `crypto.randomUUID` is missing where the page is served over plain HTTP in a local network.
function messageId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// ---- showing

function hear(replies) {
  const said = replies.map((reply) =>
    ({ from: "bot", text: reply.text, media: reply.media, at: Date.now() }));
  talk.said.push(...said);
  talk.choices = talk.outbox.length ? [] : replies.at(-1)?.choices ?? [];
  keep();
  const [first] = said.map(show);
  showChips();
  if (first) reveal(first);
}

function show({ id, from, text, media, at }) {
  const bubble = stamp("bubble");
  const [speaker, words, time] = bubble.children;
  bubble.classList.add(from);
  if (id) bubble.dataset.id = id;
  if (talk.outbox.some((waiting) => waiting.id === id)) bubble.classList.add("waiting");
  speaker.textContent = from === "me" ? "Tú: " : "Asistente: ";
  words.append(...linked([text, ...media].join("\n")));
  time.dateTime = new Date(at).toISOString();
  time.textContent = clock.format(at);
  welcome.hidden = true;
  return log.appendChild(bubble);
}

// Text as nodes, addresses as links; never as HTML.
function linked(text) {
  return text.split(/(https?:\/\/[^\s<>"”]*[^\s<>"”.,;:!?)])/).map((part, index) => {
    if (index % 2 === 0) return document.createTextNode(part);
    const link = document.createElement("a");
    Object.assign(link, { href: part, textContent: part, target: "_blank", rel: "noopener" });
    return link;
  });
}

function showChips() {
  chips.replaceChildren(...talk.choices.map(({ id, title }) => {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.textContent = title;
    chip.addEventListener("click", () => {
      say(id, title);
      takeUp();
    });
    return chip;
  }));
}

function complain(id) {
  const trouble = stamp("trouble");
  trouble.querySelector("button").addEventListener("click", deliver);
  bubbleOf(id)?.after(trouble);
  reveal(trouble);
}

function settle(id) {
  bubbleOf(id)?.classList.remove("waiting");
}

function bubbleOf(id) {
  return log.querySelector(`[data-id="${id}"]`);
}

function stamp(template) {
  return find(template).content.firstElementChild.cloneNode(true);
}

// Down to the end, but never past the first line of what is new.
function reveal(item) {
  const top = item.getBoundingClientRect().top - scroll.getBoundingClientRect().top;
  const end = scroll.scrollHeight - scroll.clientHeight;
  scroll.scrollTop = Math.min(end, scroll.scrollTop + top - 12);
}

// A phone's keyboard takes half of the screen: whoever stood at the end stays there.
let atEnd = true;
scroll.addEventListener("scroll", () => {
  atEnd = scroll.scrollHeight - scroll.clientHeight - scroll.scrollTop < 40;
});
new ResizeObserver(() => {
  if (atEnd) scroll.scrollTop = scroll.scrollHeight;
}).observe(scroll);

// ---- what the customer does

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const message = text.value.trim();
  if (message) {
    text.value = "";
    say(message, message);
  }
  text.focus({ preventScroll: true });
});

text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

find("restart").addEventListener("click", () => {
  if (!sending) talk.outbox = [];
  talk.said = [];
  log.replaceChildren();
  say(RESTART.id, RESTART.title);
  takeUp();
});

// ---- the talk as a transcript, where the page offers it

const record = find("record");
const UNRECORDED = {
  404: "Todavía no hay nada que guardar: platica primero un poco con el asistente.",
  429: "Se está guardando otra prueba; inténtalo de nuevo en unos segundos.",
};

record?.addEventListener("click", async () => {
  record.disabled = true;
  note("Preparando la prueba…");
  try {
    const response = await fetch("page/record", {
      method: "POST",
      signal: AbortSignal.timeout(RECORDING_MS),
    });
    if (response.ok) {
      offer(await response.json());
    } else {
      note(UNRECORDED[response.status] ?? "No se pudo guardar la prueba; el registro del servidor dice por qué.");
    }
  } catch {
    note("No se pudo guardar la prueba: parece que falló la conexión.");
  }
  record.disabled = false;
});

function offer({ transcript, cars, same }) {
  const otherwise = same ? "" : " Ojo: hoy el asistente contesta distinto que entonces, y la prueba trae lo de hoy.";
  note("Tu prueba está lista, con los datos personales tapados donde se reconocieron. Guarda los dos archivos en la misma carpeta: ",
    download(transcript), " y ", download(cars), "." + otherwise);
}

function download({ name, text }) {
  const link = document.createElement("a");
  const href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  return Object.assign(link, { href, download: name, textContent: name });
}

// Only the last one is of use; what it offered goes with it.
function note(...parts) {
  const before = log.querySelector(".note");
  before?.querySelectorAll("a").forEach(({ href }) => URL.revokeObjectURL(href));
  before?.remove();
  const line = stamp("note");
  line.append(...parts);
  reveal(log.appendChild(line));
}

// After a tap the keyboard's focus goes on at the text; on a phone that would only bring up the
// keys over the answer.
function takeUp() {
  if (matchMedia("(pointer: fine)").matches) text.focus({ preventScroll: true });
}

talk.said.forEach(show);
showChips();
scroll.scrollTop = scroll.scrollHeight;
deliver();
