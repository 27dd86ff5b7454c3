// Keeps a page up to date: the server sends a part whenever it changed; a new ask gets the focus.
"use strict";

const box = document.querySelector("[data-events]");
const live = document.getElementById("live");
const lost = document.getElementById("lost");

// A desktop notification, for whoever has asked for it and is looking at something else: usually the sites' own windows.
const canRemind = "Notification" in window;
const reminder = document.getElementById("remind");

function remind(text) {
  if (canRemind && Notification.permission === "granted" && !document.hasFocus()) new Notification("需要你", { body: text, tag: "gradsync" });
}

function offerReminder() {
  if (reminder) reminder.parentElement.hidden = !canRemind || Notification.permission !== "default";
}

reminder?.addEventListener("click", async () => {
  await Notification.requestPermission();
  offerReminder();
});
offerReminder();

function focusAsk(place) {
  const title = place.querySelector("[data-focus]");
  if (!title || title.dataset.focus === document.body.dataset.asked) return;
  document.body.dataset.asked = title.dataset.focus;
  title.focus();
  remind(title.textContent);
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
// A case that is to remind somebody goes on listening.
let source = null;
function follow() {
  const rests = document.hidden && !(reminder && canRemind && Notification.permission === "granted");
  if (rests) source?.close();
  source = rests ? null : source ?? listen();
}

if (box) {
  document.addEventListener("visibilitychange", follow);
  follow();
  focusAsk(document.getElementById("part-ask") || document.body);
}

const taken = new Set(); // the files whose bytes stand in their forms

// A file is read when its form is sent: chosen before this script ran, it is not missed.
document.addEventListener("submit", async (event) => {
  const [form, button] = [event.target, event.submitter];
  const chosen = [...form.querySelectorAll("[data-into]")].filter((field) => field.files[0] && !taken.has(field.files[0]));
  if (chosen.length) {
    event.preventDefault();
    await Promise.all(chosen.map(take));
    form.requestSubmit(button);
  } else if (form.dataset.sure && !window.confirm(form.dataset.sure)) event.preventDefault();
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

async function take({ form: { elements }, files: [file], dataset: { into } }) {
  elements[into].value = file.size ? await base64Of(file) : "";
  if (elements[`${into}-name`]) elements[`${into}-name`].value = file.name;
  taken.add(file);
}

document.getElementById("wrong")?.focus();

// What is filled in is kept and held against the notice's rules while it is typed; only what was touched is told.
const sheet = document.querySelector("[data-check]");
const touched = new Set();
let waiting = 0;

function tell({ problems, counts }) {
  for (const place of sheet.querySelectorAll("[data-problem]")) {
    const name = place.dataset.problem;
    const row = name.split(".").slice(0, 2).join(".");
    const told = ("all" in sheet.dataset || touched.has(name) || (name.endsWith(".") && touched.has(row))) && problems[name];
    place.hidden = !told;
    place.textContent = told || "";
    document.getElementById(`f-${name}`)?.setAttribute("aria-invalid", told ? "true" : "false");
  }
  for (const place of sheet.querySelectorAll("[data-count]")) place.textContent = counts[place.dataset.count] ?? "";
  const left = Object.keys(problems).length;
  document.getElementById("form-state").textContent = left ? `已保存，还有 ${left} 处要填或要改` : "已保存，没有发现问题";
}

async function check() {
  const body = new URLSearchParams(new FormData(sheet));
  const answer = await fetch(sheet.dataset.check, { method: "POST", body });
  if (answer.ok) tell(await answer.json());
}

function soon(event) {
  const { name, dataset } = event.target;
  if (dataset.now) document.getElementById(dataset.now).disabled = event.target.checked;
  if (event.type === "change" && name) {
    touched.add(name.replace(/\.now$/, ""));
    touched.add(name.split(".").slice(0, 2).join("."));
  }
  window.clearTimeout(waiting);
  waiting = window.setTimeout(check, 300);
}

// A document number: shown when asked for, and checked while it is typed.
const number = document.querySelector("[data-number]");
let typing = 0;

async function checkNumber() {
  const body = new URLSearchParams({ csrf: number.form.elements.csrf.value, id_number: number.value });
  const answer = await fetch(number.dataset.number, { method: "POST", body });
  if (!answer.ok) return;
  const { problem } = await answer.json();
  document.getElementById("id-problem").textContent = problem;
  number.setAttribute("aria-invalid", problem ? "true" : "false");
}

number?.addEventListener("input", () => {
  window.clearTimeout(typing);
  typing = window.setTimeout(checkNumber, 600);
});
document.querySelector("[data-reveal]")?.addEventListener("change", (event) => {
  document.getElementById(event.target.dataset.reveal).classList.toggle("masked", !event.target.checked);
});

sheet?.addEventListener("input", soon);
sheet?.addEventListener("change", soon);
