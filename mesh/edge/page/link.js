"use strict";

// Where links in mails lead. What one does, and what it asks for, is read from the API's own description; opening the
// page does nothing, since mail programs open links too. The secret behind `#` is told to no server before the button.
const kind = decodeURIComponent(location.pathname.split("/").pop());
const token = location.hash.slice(1);
const element = (id) => document.getElementById(id);
const say = (text) => { element("said").textContent = text; };

// "AcceptInvitation" and "displayName" as people read them.
const words = (name) => {
  const text = name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return text[0].toUpperCase() + text.slice(1);
};

function opened(api) {
  for (const [path, verbs] of Object.entries(api.paths)) {
    if (verbs.post && verbs.post["x-rapport-capability"] === kind) return { path, operation: verbs.post };
  }
  return null;
}

function asked(api, operation) {
  const named = operation.requestBody.content["application/json"].schema.$ref.split("/").pop();
  const fields = Object.entries(api.components.schemas[named].properties);
  return fields.filter(([name]) => name !== "token" && name !== "requestId");
}

function input([name, field]) {
  const label = document.createElement("label");
  const box = document.createElement("input");
  const secret = name.toLowerCase().includes("password");
  Object.assign(box, { name, type: secret ? "password" : "text", required: secret });
  box.autocomplete = secret ? "new-password" : "off";
  const hint = document.createElement("small");
  hint.textContent = field.description || "";
  label.append(words(name), box, hint);
  return label;
}

async function send(path) {
  const body = Object.fromEntries(new FormData(element("form")));
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...body, token }),
  });
  element("form").hidden = answer.ok;
  const fields = (problem) => (problem.details || []).flatMap((detail) => detail.fieldViolations || []);
  if (answer.ok) return say("Done. You can close this page.");
  const problem = await answer.json();
  return say([problem.message, ...fields(problem).map((each) => `${each.field} ${each.description}`)].join(" "));
}

async function start() {
  const api = await (await fetch("/openapi.json")).json();
  const found = opened(api);
  if (!found || !token) return say("This link is not complete. Open it from the mail again.");
  element("what").textContent = words(found.operation.operationId.split("_")[1]);
  element("fields").append(...asked(api, found.operation).map(input));
  element("form").hidden = false;
  element("form").addEventListener("submit", (event) => {
    event.preventDefault();
    send(found.path).catch(() => say("The server does not answer. Try again."));
  });
  return undefined;
}

start().catch(() => say("The server does not answer. Try again."));
