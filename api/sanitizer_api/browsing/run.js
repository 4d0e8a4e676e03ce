"use strict";
// Whatever comes from the registry becomes text, never markup. The token stays in this page's memory.
const id = location.pathname.split("/").pop();
const at = (name) => document.getElementById(name);
const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));
let token = null, following = null, asked = new URLSearchParams();

const say = (text, wrong = false) => { at("status").textContent = text; at("status").classList.toggle("wrong", wrong); };

async function enter(path, body) {
  const answer = await fetch(`/api/v1/auth/${path}`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: body && JSON.stringify(body),
  });
  token = answer.ok ? (await answer.json()).access_token : null;
  return answer;
}

// Another tab that asked at the same time got the next cookie; if nobody did, the registry ends the login.
async function refresh() {
  for (let tried = 0; ; tried++) {
    const answer = await enter("refresh");
    if (answer.status !== 409 || tried === 15) return answer;
    await pause(tried < 5 ? 0.2 : 1);
  }
}

async function ask(path, again = true) {
  const answer = await fetch(`/api/v1/runs/${id}${path}`, { headers: { Authorization: `Bearer ${token}` } });
  if (answer.status === 401 && again && (await refresh()).ok) return ask(path, false);
  if (answer.status === 401) show(false);
  if (!answer.ok) throw new Error(await problem(answer));
  return answer;
}

async function problem(answer) {
  const told = await answer.json().catch(() => ({}));
  return [told.detail || `The registry answered ${answer.status}`, told.hint].filter(Boolean).join(". ");
}

function show(signedIn) {
  at("login").hidden = signedIn;
  at("leave").hidden = !signedIn;
  if (!signedIn) at("shown").hidden = true;
}

function row(body, cells, plain = []) {
  const line = body.insertRow();
  cells.forEach((cell, place) => {
    const box = line.insertCell();
    box.textContent = cell === null || cell === undefined ? "–" : String(cell);
    box.className = plain.includes(place) ? (cell === null ? "none" : "cell") : "";
  });
}

function facts(run) {
  const recipe = `${run.recipe_name}, version ${run.recipe_version}`;
  const told = {
    Status: run.status, Recipe: recipe, Contract: run.contract_name || "none", Dataset: run.dataset, Engine: run.engine,
    Began: new Date(run.started_at).toLocaleString(), Took: `${run.seconds.toFixed(1)} s`, "Rows in": run.rows_in,
    "Rows out": run.rows_out, Removed: run.rows_removed, Rejected: run.rows_rejected, "Cells changed": run.cells_changed ?? "not counted",
  };
  at("facts").replaceChildren(...Object.entries(told).map(([name, value]) => {
    const box = document.createElement("div"), term = document.createElement("dt"), said = document.createElement("dd");
    term.textContent = name;
    said.textContent = typeof value === "number" ? value.toLocaleString() : value;
    box.append(term, said);
    return box;
  }));
  at("title").textContent = `${recipe}, on ${run.dataset}`;
  document.title = `${recipe} · Data Sanitizer`;
}

function tables(record) {
  const { before = {}, after = {} } = record.score;
  at("scores").replaceChildren();
  for (const name of ["overall", "completeness", "uniqueness", "consistency", "integrity"])
    row(at("scores"), [name, before[name], after[name]]);
  at("columns").replaceChildren();
  for (const step of record.steps)
    for (const [column, cells] of Object.entries(step.changed))
      row(at("columns"), [column, `${step.number} ${step.op}`, cells.toLocaleString(), step.reasons[column]]);
  const names = record.input_columns.map((each) => each.name);
  at("filter").elements.column.replaceChildren(new Option("any", ""), ...names.map((name) => new Option(name, name)));
}

async function changes(first) {
  if (first) at("changes").replaceChildren();
  const query = new URLSearchParams(asked);
  if (!first) query.set("cursor", following);
  const page = await (await ask(`/changes?${query}`)).json();
  for (const each of page.items)
    row(at("changes"), [each.row, each.column, each.old, each.new, `${each.step} ${each.op}`, each.reason], [2, 3]);
  following = page.next;
  at("more").hidden = following === null;
  const shown = at("changes").rows.length;
  say(shown ? `${shown.toLocaleString()} changed cell${shown === 1 ? "" : "s"} shown` : following ? "None so far: ask for more" : "No changed cells");
}

async function load() {
  say("Loading …");
  const run = await (await ask("")).json();
  show(true);
  facts(run);
  tables(run.record);
  at("shown").hidden = false;
  say("");
  await changes(true);
}

// A report may have been written by anybody who reports runs: it is shown without scripts, forms and this page's origin.
async function report() {
  const frame = Object.assign(document.createElement("iframe"), { title: "Report", srcdoc: await (await ask("/report")).text() });
  frame.setAttribute("sandbox", "");
  frame.style = "position: fixed; inset: 0; width: 100%; height: 100%; border: 0";
  const page = `<!doctype html><meta charset="utf-8"><title>Report</title>${frame.outerHTML}`;
  window.open(URL.createObjectURL(new Blob([page], { type: "text/html" })), "_blank", "noopener");
}

async function take(path, name) {
  const url = URL.createObjectURL(await (await ask(path)).blob());
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}

const tried = (work) => (event) => {
  event?.preventDefault();
  Promise.resolve(work(event)).catch((error) => say(error.message, true));
};

at("login").addEventListener("submit", tried(async () => {
  const fields = at("login").elements;
  const answer = await enter("login", { email: fields.email.value, password: fields.password.value });
  fields.password.value = "";
  if (!answer.ok) throw new Error(await problem(answer));
  await load();
}));
at("filter").addEventListener("submit", tried(() => {
  asked = new URLSearchParams([...new FormData(at("filter"))].filter(([, value]) => value !== ""));
  return changes(true);
}));
at("more").addEventListener("click", tried(() => changes(false)));
at("files").addEventListener("click", tried(({ target }) => {
  if (target.dataset.open) return report();
  if (target.dataset.save) return take(`/download?format=${target.dataset.save}`, `${id}.${target.dataset.save}`);
}));
at("leave").addEventListener("click", tried(async () => {
  await fetch("/api/v1/auth/logout", { method: "POST" });
  token = null;
  show(false);
  say("Signed out");
}));
tried(async () => {
  if ((await refresh()).ok) return load();
  show(false);
  say("");
})();
