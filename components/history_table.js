// The table of all runs. The rows are kept here; the server sends those that changed. Only what is
// near the reader is drawn: a thousand runs open like ten.
const tables = new WeakMap();
const STEP = 60;
const COLUMNS = [
  ["state", "State", (run) => run.state], ["title", "Run", (run) => (run.name || run.id).toLowerCase()],
  ["design", "Design", (run) => `${run.template} ${run.words}`.toLowerCase()], ["dataset", "Data and settings", (run) => `${run.dataset} ${run.settings}`],
  ["metric", "Metric", (run) => run.metric], ["loss", "Loss", (run) => run.loss],
  ["epochs", "Epochs", (run) => run.epoch], ["time", "Time", (run) => run.seconds],
  ["created", "Date", (run) => run.created],
];
const NUMBERS = ["metric", "loss", "epochs", "time", "created"];
const make = (tag, style, text) => {
  const element = document.createElement(tag);
  if (style) element.className = style;
  if (text !== undefined) element.textContent = text;
  return element;
};
const button = (label, title, act, style) => {
  const made = make("button", style, label);
  made.type = "button";
  made.title = title;
  made.onclick = act;
  return made;
};
const dates = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const counted = (count) => `${count.toLocaleString("en-US")} run${count === 1 ? "" : "s"}`;

class History {
  constructor(root) {
    this.root = root;
    this.runs = new Map();
    this.number = 0;
    this.chosen = new Set();
    this.sort = { by: "created", down: true };
    this.file = 0;
    this.find = make("input");
    Object.assign(this.find, { type: "search", placeholder: "Search runs", autocomplete: "off" });
    this.find.setAttribute("aria-label", "Search runs: name, design, data, note");
    this.find.oninput = () => this.paint();
    this.states = make("select");
    this.states.setAttribute("aria-label", "State");
    this.states.onchange = () => this.paint();
    this.count = make("span", "count");
    this.count.setAttribute("role", "status");
    const tools = make("div", "tools");
    tools.append(make("h3", "", "Runs"), this.find, this.states, this.count,
      button("Save as CSV", "Save the runs in the table, or those chosen, as CSV", () => this.save(), "save"));
    this.actions = make("div", "actions");
    this.actions.setAttribute("role", "toolbar");
    this.actions.setAttribute("aria-label", "With the runs that are chosen");
    this.much = make("b");
    this.one = [
      button("Open", "Watch this run, or see what it is worth", () => this.act("open")),
      button("Take its design", "Work on this run's design", () => this.act("design")),
      button("Name and note…", "Give this run a name and a note", () => this.describe()),
    ];
    this.any = [
      button("Delete…", "Delete the runs that are chosen", () => this.confirm(), "delete"),
      button("Choose none", "Choose no run", () => this.choose([])),
    ];
    this.actions.append(this.much, ...this.one, ...this.any);
    this.problem = make("p", "problem");
    this.problem.setAttribute("role", "alert");
    this.word = make("p", "word");
    this.word.setAttribute("role", "status");
    this.wrap = make("div", "wrap");
    this.wrap.setAttribute("role", "region");
    this.wrap.setAttribute("aria-label", "Runs: arrow keys go from run to run, the space bar chooses, Shift and an arrow chooses several");
    this.table = make("table");
    this.head = make("tr");
    const corner = make("th", "choose");
    corner.scope = "col";
    this.every = make("input");
    this.every.type = "checkbox";
    this.every.setAttribute("aria-label", "Choose all runs in the table");
    this.every.onchange = () => this.choose(this.every.checked ? this.shown.map(({ id }) => id) : []);
    corner.append(this.every);
    this.head.append(corner);
    for (const [key, title] of COLUMNS) {
      const cell = make("th", `${key}${NUMBERS.includes(key) ? " number" : ""}`);
      cell.scope = "col";
      cell.append(button(title, `Sort by ${title.toLowerCase()}`, () => this.order(key)));
      this.head.append(cell);
    }
    const thead = make("thead");
    thead.append(this.head);
    this.body = make("tbody");
    this.table.append(thead, this.body);
    this.wrap.append(this.table);
    this.nothing = make("p", "nothing", "No run is like that.");
    this.dialog = make("dialog");
    root.append(tools, this.actions, this.problem, this.word, this.wrap, this.nothing, this.dialog);
    this.wrap.onscroll = () => {
      if (this.wrap.scrollTop + this.wrap.clientHeight > this.wrap.scrollHeight - 400) this.more();
    };
    this.body.onclick = (event) => this.click(event);
    this.body.onkeydown = (event) => this.press(event);
    this.dialog.onclick = (event) => { if (event.target === this.dialog) this.dialog.close(); };
  }

  update({ data, setStateValue, setTriggerValue }) {
    this.set = setStateValue;
    this.trigger = setTriggerValue;
    this.problem.textContent = data.problem;
    if (data.file && data.file.number > this.file) {
      this.file = data.file.number;
      const link = make("a");
      link.href = URL.createObjectURL(new Blob([data.file.text], { type: "text/csv" }));
      link.download = data.file.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    }
    if (this.word.textContent !== data.word) this.word.textContent = data.word;
    if (data.number === this.number) return;
    if (data.base && data.base !== this.number) {
      this.trigger("have", this.number);
      return;
    }
    if (!data.base) this.runs.clear();
    for (const run of data.rows) this.runs.set(run.id, run);
    for (const id of data.gone) this.runs.delete(id);
    this.number = data.number;
    const left = [...this.chosen].filter((id) => this.runs.has(id));
    if (left.length !== this.chosen.size) this.choose(left);
    this.paint();
  }

  // What is in the table

  found() {
    const words = this.find.value.toLowerCase().split(/\s+/).filter(Boolean);
    const state = this.states.value;
    const [, , key] = COLUMNS.find(([name]) => name === this.sort.by);
    const turn = this.sort.down ? -1 : 1;
    return [...this.runs.values()]
      .filter((run) => {
        if (state && run.state !== state) return false;
        const text = `${run.name} ${run.id} ${run.template} ${run.words} ${run.dataset} ${run.settings} ${run.note} ${run.state}`.toLowerCase();
        return words.every((word) => text.includes(word));
      })
      .map((run) => [key(run), run])
      .sort(([a, first], [b, second]) => {
        // What has no figure comes last, whichever way.
        if (a === null || b === null) return (a === null) - (b === null) || second.created - first.created;
        return (a < b ? -1 : a > b ? 1 : 0) * turn || second.created - first.created;
      })
      .map(([, run]) => run);
  }

  order(key) {
    this.sort = { by: key, down: this.sort.by === key ? !this.sort.down : ["metric", "created"].includes(key) };
    this.wrap.scrollTop = 0;
    this.paint();
  }

  paint() {
    const names = [...new Set([...this.runs.values()].map(({ state }) => state))].sort();
    if (names.join() !== this.names) {
      this.names = names.join();
      const { value } = this.states;
      this.states.replaceChildren(new Option("All states", ""), ...names.map((name) => new Option(name, name)));
      this.states.value = names.includes(value) ? value : "";
    }
    this.shown = this.found();
    const focused = this.root.getRootNode().activeElement;
    const where = focused?.closest?.("tbody tr")?.dataset.id;
    const which = focused?.tagName;
    const drawn = Math.max(STEP, Math.min(this.body.childElementCount, this.shown.length));
    this.body.replaceChildren(...this.shown.slice(0, drawn).map((run) => this.row(run)));
    if (where) this.line(where)?.querySelector(which === "BUTTON" ? "button" : "input")?.focus({ preventScroll: true });
    const all = this.runs.size;
    this.count.textContent = this.shown.length === all ? counted(all) : `${this.shown.length.toLocaleString("en-US")} of ${counted(all)}`;
    this.nothing.hidden = this.shown.length > 0;
    this.wrap.hidden = !this.shown.length;
    [...this.head.children].slice(1).forEach((cell, place) => {
      const sorted = COLUMNS[place][0] === this.sort.by;
      cell.setAttribute("aria-sort", sorted ? (this.sort.down ? "descending" : "ascending") : "none");
    });
    this.mark();
  }

  more() {
    const drawn = this.body.childElementCount;
    if (drawn >= this.shown.length) return;
    this.body.append(...this.shown.slice(drawn, drawn + STEP).map((run) => this.row(run)));
    this.mark();
  }

  row(run) {
    const row = make("tr");
    row.dataset.id = run.id;
    const choose = make("td", "choose"), box = make("input");
    box.type = "checkbox";
    box.setAttribute("aria-label", `Choose ${run.name || run.id}`);
    choose.append(box);
    const state = make("td", "state");
    const badge = make("span", `badge ${run.tone}`);
    const sign = make("span", "", run.sign);
    sign.setAttribute("aria-hidden", "true");
    badge.append(sign, make("span", "in-words", run.state));
    badge.title = run.state;
    state.append(badge);
    const title = make("td", "title");
    title.append(button(run.name || run.id, "Open this run", () => this.act("open", [run.id]), "open"));
    if (run.name) title.append(make("small", "id", run.id));
    if (run.note) title.append(make("small", "note", run.note));
    title.append(make("small", "under", [run.template, run.dataset, run.settings, run.time].filter(Boolean).join(" · ")));
    const design = make("td", "design", run.template);
    if (run.words) design.append(make("small", "", run.words));
    design.title = run.words;
    const data = make("td", "dataset", run.dataset);
    if (run.settings) data.append(make("small", "", run.settings));
    const date = make("td", "created number", dates.format(run.created * 1000));
    row.append(choose, state, title, design, data, make("td", "metric number", run.metricText),
      make("td", "loss number", run.lossText), make("td", "epochs number", run.epochs), make("td", "time number", run.time), date);
    return row;
  }

  line(id) { return [...this.body.children].find((row) => row.dataset.id === id); }

  // What is chosen

  choose(ids) {
    this.chosen = new Set(ids);
    this.mark();
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.set("selected", [...this.chosen]), 60);
  }

  toggle(id, on) {
    const ids = new Set(this.chosen);
    (on ?? !ids.has(id)) ? ids.add(id) : ids.delete(id);
    this.choose(ids);
  }

  mark() {
    const stop = this.line(this.current) || this.body.firstElementChild;
    for (const row of this.body.children) {
      const on = this.chosen.has(row.dataset.id);
      row.classList.toggle("chosen", on);
      const box = row.querySelector("input");
      box.checked = on;
      box.tabIndex = row === stop ? 0 : -1;
      row.querySelector("button").tabIndex = row === stop ? 0 : -1;
    }
    const count = this.chosen.size;
    this.every.checked = count > 0 && this.shown.every(({ id }) => this.chosen.has(id));
    this.every.indeterminate = count > 0 && !this.every.checked;
    // Always there, so that the rows do not move under the pointer.
    this.actions.classList.toggle("idle", !count);
    this.much.textContent = count ? `${count.toLocaleString("en-US")} chosen` : "None chosen";
    for (const one of this.one) one.disabled = count !== 1;
    for (const one of this.any) one.disabled = !count;
  }

  click(event) {
    const row = event.target.closest("tr");
    if (!row || event.target.closest("button")) return;
    const { id } = row.dataset;
    if (event.shiftKey && this.current && this.current !== id) {
      const ids = this.shown.map((run) => run.id);
      const [from, to] = [ids.indexOf(this.current), ids.indexOf(id)].sort((a, b) => a - b);
      this.choose([...this.chosen, ...ids.slice(Math.max(0, from), to + 1)]);
    } else this.toggle(id);
    this.current = id;
    this.mark();
  }

  press(event) {
    const row = event.target.closest("tr");
    const steps = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" };
    if (event.key in steps) {
      if (event.key === "ArrowDown" && !row.nextElementSibling) this.more();
      const next = row[steps[event.key]];
      if (!next) return;
      if (event.shiftKey) {
        this.chosen.add(row.dataset.id);
        this.toggle(next.dataset.id, true);
      }
      this.current = next.dataset.id;
      this.mark();
      next.querySelector("input").focus({ preventScroll: true });
      this.intoSight(next);
    } else if ((event.ctrlKey || event.metaKey) && event.key === "a") this.choose(this.shown.map(({ id }) => id));
    else if (event.key === "Escape") this.choose([]);
    else if (event.key === "Enter" && event.target.tagName === "INPUT") this.act("open", [row.dataset.id]);
    else return;
    event.preventDefault();
  }

  intoSight(row) {
    const above = row.offsetTop - this.head.offsetHeight;
    const below = row.offsetTop + row.offsetHeight - this.wrap.clientHeight;
    if (this.wrap.scrollTop > above) this.wrap.scrollTop = above;
    else if (this.wrap.scrollTop < below) this.wrap.scrollTop = below;
  }

  // What is done with it

  act(what, ids = [...this.chosen], more = {}) {
    if (!ids.length) return;
    if (what === "open" || what === "design") goAway();
    this.trigger("act", { do: what, ids, ...more });
  }

  save() {
    this.trigger("save", this.chosen.size ? [...this.chosen] : this.shown.map(({ id }) => id));
  }

  ask(title, ...parts) {
    const heading = make("h2", "", title);
    heading.id = "asked";
    this.dialog.setAttribute("aria-labelledby", "asked");
    const form = make("form");
    form.method = "dialog";
    form.append(heading, ...parts);
    this.dialog.replaceChildren(form);
    this.dialog.showModal();
    return form;
  }

  describe() {
    const run = this.runs.get([...this.chosen][0]);
    const name = make("input"), note = make("textarea");
    Object.assign(name, { type: "text", maxLength: 200, value: run.name, placeholder: run.id, autocomplete: "off" });
    Object.assign(note, { rows: 4, maxLength: 10000, value: run.note });
    const labels = [["Name", name], ["Note", note]].map(([text, field]) => {
      const label = make("label", "", text);
      label.append(field);
      return label;
    });
    const row = make("div", "row");
    const keep = make("button", "primary", "Keep");
    row.append(keep, button("Cancel", "Change nothing", () => this.dialog.close()));
    this.ask("Name and note", ...labels, row).onsubmit = () =>
      this.act("describe", [run.id], { name: name.value, note: note.value });
    name.select();
  }

  confirm() {
    const ids = [...this.chosen];
    const running = ids.filter((id) => this.runs.get(id)?.busy).length;
    const words = `${ids.length === 1 ? "Its" : "Their"} curves, figures and models go for good.`
      + (running ? ` ${counted(running)} ${running === 1 ? "is" : "are"} under way: stop ${running === 1 ? "it" : "them"} first.` : "");
    const row = make("div", "row");
    const sure = make("button", "primary delete", `Delete ${counted(ids.length)}`);
    const keep = button("Keep", "Delete nothing", () => this.dialog.close());
    row.append(sure, keep);
    this.ask(`Delete ${ids.length === 1 ? this.runs.get(ids[0]).name || ids[0] : counted(ids.length)}?`, make("p", "", words), row)
      .onsubmit = () => this.act("delete", ids);
    keep.focus();
  }
}

export default function (component) {
  const { parentElement } = component;
  if (!tables.has(parentElement)) {
    tables.set(parentElement, new History(parentElement.querySelector(".root")));
  }
  const table = tables.get(parentElement);
  table.update(component);
  return onLeaving(parentElement, () => clearTimeout(table.telling));
}
