// Keeps a page up to date: the server sends a part whenever it changed; a new ask gets the focus.
"use strict";

const box = document.querySelector("[data-events]");
const live = document.getElementById("live");
const lost = document.getElementById("lost");

function focusAsk(place) {
  const title = place.querySelector("[data-focus]");
  if (!title || title.dataset.focus === document.body.dataset.asked) return;
  document.body.dataset.asked = title.dataset.focus;
  title.focus();
  document.title = `【需要你】${document.title.replace(/^【需要你】/, "")}`;
}

function announce(place) {
  const now = place.querySelector(".now p") ?? place.querySelector("h2");
  if (now && place.id !== "part-ask") live.textContent = now.textContent;
}

function renew(event) {
  const { part, digest, html } = JSON.parse(event.data);
  const place = document.getElementById(`part-${part}`);
  if (!place || place.dataset.digest === digest) return;
  place.innerHTML = html;
  place.dataset.digest = digest;
  if (part === "ask" && !html.trim()) document.title = document.title.replace(/^【需要你】/, "");
  focusAsk(place);
  announce(place);
}

function listen() {
  const opened = new EventSource(box.dataset.events);
  opened.addEventListener("part", renew);
  opened.addEventListener("open", () => { lost.hidden = true; });
  opened.addEventListener("error", () => { lost.hidden = false; });
  return opened;
}

// A browser keeps few connections to one address: a page that nobody sees gives its own up, and is brought up to date later.
let source = null;
function follow() {
  if (document.hidden) source?.close();
  source = document.hidden ? null : source ?? listen();
}

if (box) {
  document.addEventListener("visibilitychange", follow);
  follow();
  focusAsk(document.getElementById("part-ask") || document.body);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sure && !window.confirm(form.dataset.sure)) event.preventDefault();
});

// The bytes of a file go along as they are: only the program knows in which of the usual encodings an editor saved it.
function base64Of(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result.slice(reader.result.indexOf(",") + 1)));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}

document.addEventListener("change", async (event) => {
  const { into } = event.target.dataset;
  const file = event.target.files?.[0];
  if (into) event.target.form.elements[into].value = file?.size ? await base64Of(file) : "";
});

document.getElementById("wrong")?.focus();
