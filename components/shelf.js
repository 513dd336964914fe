// My designs: kept by this browser under one key, as a list of { name, text, saved }, where the
// text is a design file. Whatever stands there, by hand or by a newer release, is kept as it is
// until somebody deletes it.
const KEY = "model-designer.designs";
const BLOCKED = "This browser does not let pages keep anything (a private window, or a setting): save designs as files instead.";
const FULL = "This browser's room for designs is full: delete some, or save this one as a file.";
const shelves = new WeakMap();
const make = (tag, style, text) => {
  const element = document.createElement(tag);
  if (style) element.className = style;
  if (text !== undefined) element.textContent = text;
  return element;
};
const button = (label, title, action, style) => {
  const element = make("button", style, label);
  element.type = "button";
  element.title = title;
  element.setAttribute("aria-label", title);
  element.onclick = action;
  return element;
};
const nameOf = (entry, place) =>
  (typeof entry?.name === "string" && entry.name) || `Entry ${place + 1} (without a name)`;

class Shelf {
  constructor(root) {
    this.root = root;
    this.done = 0;
    this.entries = [];
    this.about = new Map(); // text → what the server read in it
    this.telling = Math.floor(Math.random() * 1e9); // the number of what the server was told last
    this.told = [];
    this.asked = null; // the entry, as text, for which a person is writing a new name
    root.innerHTML =
      '<button type="button" class="open" aria-haspopup="dialog"><svg viewBox="0 0 20 20" width="17"' +
      ' height="17" fill="none" stroke="currentColor" stroke-width="1.7" aria-hidden="true">' +
      '<path d="M5 3h10v14l-5-3.500L5 17z"/></svg><span>My designs</span></button>' +
      '<dialog aria-label="My designs"><header><h2>My designs</h2></header>' +
      '<p class="where">Kept by this browser, on this computer, until you delete them.</p>' +
      '<form><label>Name<input type="text" maxlength="80" autocomplete="off"></label>' +
      '<button class="save">Save this design</button></form>' +
      '<p class="word" role="status"></p><p class="problem" role="alert"></p><ul></ul><footer></footer></dialog>';
    const find = (selector) => root.querySelector(selector);
    this.open = find(".open");
    this.dialog = find("dialog");
    this.field = find("input");
    this.word = find(".word");
    this.problem = find(".problem");
    this.list = find("ul");
    find("header").append(button("✕", "Close", () => this.dialog.close(), "icon"));
    this.open.onclick = () => {
      this.field.value = this.suggestion;
      this.say("");
      this.draw();
      this.dialog.showModal();
      this.field.select();
    };
    this.dialog.onclick = (event) => { if (event.target === this.dialog) this.dialog.close(); };
    find("form").onsubmit = (event) => { event.preventDefault(); this.save(); };
    this.file = make("input");
    this.file.type = "file";
    this.file.accept = ".json,application/json";
    this.file.hidden = true;
    this.file.onchange = () => this.import();
    find("footer").append(
      this.all = button("Export all", "Save all of them as one file", () => this.export()),
      button("Import…", "Add the designs of such a file", () => this.file.click()), this.file);
    this.stored = (event) => { if (event.key === KEY || event.key === null) this.read(true); };
  }

  update({ data, setTriggerValue }) {
    this.send = (value) => setTriggerValue("act", value);
    this.root.hidden = !data.shown;
    this.suggestion = data.suggestion;
    if (data.telling === this.telling)
      this.about = new Map(this.told.map((text, place) => [text, data.entries[place]]));
    window.addEventListener("storage", this.stored);
    if (!this.begun) {
      this.begun = true;
      this.read(false);
      if (this.raw) this.tell();
    }
    if (data.put && data.put.number !== this.done) this.put(data.put);
    this.problem.textContent = data.problem || this.trouble || "";
    if (this.dialog.open) this.draw();
  }

  // --- what the browser keeps ---------------------------------------------------------------

  read(tell) {
    this.trouble = "";
    this.unreadable = false;
    try {
      this.raw = localStorage.getItem(KEY);
    } catch {
      this.raw = null;
      this.blocked = true;
      this.trouble = BLOCKED;
    }
    try {
      const entries = this.raw ? JSON.parse(this.raw) : [];
      if (!Array.isArray(entries)) throw new Error();
      this.entries = entries;
    } catch {
      this.entries = [];
      this.unreadable = true;
      this.trouble = `What this browser keeps as "${KEY}" is no list of designs. It is left as it is: export it, then start anew.`;
    }
    this.problem.textContent = this.trouble;
    if (tell) {
      this.tell();
      if (this.dialog.open) this.draw();
    }
  }

  tell() {
    const entries = this.entries.map((entry) => ({ name: entry?.name ?? null, text: entry?.text ?? null }));
    this.told = entries.map((entry) => entry.text);
    this.telling += 1;
    this.send({ act: "entries", entries, done: this.done, telling: this.telling });
  }

  // Another tab may have kept something meanwhile: every change begins with what is there now.
  write(change, word) {
    this.read(false);
    if (this.blocked || this.unreadable) return false;
    try {
      const entries = change([...this.entries]);
      localStorage.setItem(KEY, JSON.stringify(entries));
      this.entries = entries;
    } catch {
      this.say("");
      this.problem.textContent = this.trouble = this.entries.length ? FULL : BLOCKED;
      return false;
    }
    this.say(word);
    return true;
  }

  place(name) {
    return this.entries.findIndex((entry) => entry?.name === name);
  }

  put({ number, name, text, saved }) {
    this.done = number;
    const entry = { name, text, saved };
    this.write((entries) => {
      const at = entries.findIndex((one) => one?.name === name);
      return at < 0 ? [entry, ...entries] : entries.with(at, { ...entries[at], ...entry });
    }, `“${name}” is saved.`);
    this.tell();
  }

  // --- what a person does -------------------------------------------------------------------

  say(text, action) {
    this.word.replaceChildren(text);
    if (action) this.word.append(" ", action);
  }

  save() {
    const name = this.field.value.trim();
    if (!name) return this.field.focus();
    this.read(false);
    if (this.place(name) < 0) return this.send({ act: "save", name });
    this.say(`There is a design “${name}” already.`, button("Overwrite it", `Overwrite ${name}`, () => {
      this.say("");
      this.send({ act: "save", name });
    }));
    this.word.querySelector("button").focus();
  }

  remove(place) {
    const entry = this.entries[place];
    const back = button("Undo", "Bring it back", () => {
      if (this.write((entries) => entries.toSpliced(place, 0, entry), "It is back.")) this.tell();
    });
    const text = JSON.stringify(entry);
    const done = this.write((entries) => {
      const at = entries.findIndex((one) => JSON.stringify(one) === text);
      return at < 0 ? entries : entries.toSpliced(at, 1);
    }, "");
    if (!done) return;
    this.say(`“${nameOf(entry, place)}” is deleted.`, back);
    back.focus();
    this.tell();
  }

  rename(text, name) {
    const taken = this.entries.find((one) => one?.name === name);
    if (!name || (taken && JSON.stringify(taken) !== text)) {
      this.say(name ? `There is a design “${name}” already.` : "A design needs a name.");
      return this.draw();
    }
    this.asked = null;
    const done = this.write((entries) => {
      const at = entries.findIndex((one) => JSON.stringify(one) === text);
      return at < 0 ? entries : entries.with(at, { ...entries[at], name });
    }, `It is called “${name}” now.`);
    if (done) this.tell();
    this.draw();
  }

  export() {
    const text = this.unreadable ? this.raw
      : JSON.stringify({ format: "model-designer-shelf", version: 1, designs: this.entries }, null, 2);
    const link = make("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = "my-designs.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  async import() {
    const [file] = this.file.files;
    this.file.value = "";
    if (!file) return;
    let designs;
    try {
      const data = JSON.parse(await file.text());
      designs = Array.isArray(data) ? data : data.designs;
      if (!Array.isArray(designs)) {
        if (typeof data.template !== "string") throw new Error();
        designs = [{ name: file.name.replace(/\.json$/, ""), text: JSON.stringify(data) }];
      }
    } catch {
      this.say(`${file.name} holds no designs of ours.`);
      return;
    }
    const kept = designs.filter((one) => typeof one?.name === "string" && typeof one?.text === "string");
    const done = this.write((entries) => {
      const names = new Set(entries.map((one) => one?.name));
      for (const one of kept) {
        let name = one.name.slice(0, 80);
        for (let number = 2; names.has(name); number += 1) name = `${one.name.slice(0, 70)} (${number})`;
        names.add(name);
        entries.push({ ...one, name });
      }
      return entries;
    }, `${kept.length} of ${designs.length} designs of ${file.name} are added.`);
    if (done) this.tell();
  }

  // --- drawing ------------------------------------------------------------------------------

  draw() {
    const active = this.root.getRootNode().activeElement?.dataset?.path;
    this.all.disabled = !this.entries.length && !this.unreadable;
    this.list.replaceChildren(...this.entries.map((entry, place) => this.item(entry, place)));
    if (this.unreadable) {
      const item = make("li");
      item.append(button("Start anew", "Put what is there aside, and begin with an empty list", () => {
        try {
          localStorage.setItem(`${KEY}.put-aside-${Date.now()}`, this.raw);
          localStorage.removeItem(KEY);
        } catch {
          this.problem.textContent = this.trouble = `${FULL} What is there is left as it is.`;
          return;
        }
        this.read(true);
      }));
      this.list.append(item);
    } else if (!this.entries.length && !this.blocked) {
      this.list.append(make("li", "none", "Nothing is kept yet."));
    }
    if (active) [...this.list.querySelectorAll("[data-path]")].find((one) => one.dataset.path === active)?.focus();
  }

  item(entry, place) {
    const item = make("li");
    const name = nameOf(entry, place);
    const { about = "", problem = "" } = this.about.get(entry?.text ?? null) ?? {};
    if (this.asked === JSON.stringify(entry)) {
      const form = make("form");
      const field = make("input");
      field.value = name;
      field.maxLength = 80;
      field.setAttribute("aria-label", `New name of ${name}`);
      form.append(field, make("button", "", "Rename"),
        button("Cancel", "Leave the name", () => { this.asked = null; this.draw(); }));
      form.onsubmit = (event) => { event.preventDefault(); this.rename(this.asked, field.value.trim()); };
      item.append(form);
      queueMicrotask(() => field.select());
      return item;
    }
    const open = button(name, problem ? `${name} cannot be opened` : `Open ${name}`, () => {
      if (!problem) this.dialog.close();
      this.send({ act: "open", name, text: entry?.text ?? null });
    }, "name");
    open.dataset.path = `open.${name}`;
    const date = new Date(entry?.saved ?? NaN);
    const when = Number.isNaN(date.getTime()) ? "" : date.toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
    const line = make("div", "line");
    line.append(open, button("Rename", `Rename ${name}`, () => { this.asked = JSON.stringify(entry); this.draw(); }),
      button("Delete", `Delete ${name}`, () => { this.remove(place); this.draw(); this.word.querySelector("button")?.focus(); }));
    item.append(line, make("p", problem ? "bad" : "about",
      problem ? `Cannot be opened: ${problem}` : [about, when].filter(Boolean).join(" · ")));
    return item;
  }
}

export default function (component) {
  const { parentElement } = component;
  let shelf = shelves.get(parentElement);
  if (!shelf) {
    shelf = new Shelf(parentElement.querySelector(".root"));
    shelves.set(parentElement, shelf);
  }
  shelf.update(component);
  return onLeaving(parentElement, () => window.removeEventListener("storage", shelf.stored));
}
