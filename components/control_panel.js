// The controls of a design: one native control for every parameter its template declares.
//
// What a person changes is sent at once, at most once a frame, and sent again with every later change
// until the server has answered for it (`ack`), so that nothing is lost when two controls change
// faster than the server answers. A control that somebody is using is never written over.
// Milliseconds without a change until a control rests; a thumb that is held does not.
const REST = 250;
// Milliseconds until an edit without an answer is sent again: a run of the page that an undo has
// overtaken answers nobody. Each time it waits twice as long, so many times.
const UNANSWERED = 1200;
const TRIES = 5;
const LETTING_GO = ["pointerup", "pointercancel", "blur"];
const panels = new WeakMap();
const make = (tag, style, text) => {
  const element = document.createElement(tag);
  if (style) element.className = style;
  if (text !== undefined) element.textContent = text;
  return element;
};

class Panel {
  constructor(shadow, root) {
    this.shadow = shadow;
    this.root = root;
    this.pending = {}; // field → { value, sequence }
    this.sequence = 0;
    this.open = {};
    this.writers = [];
    this.tries = 0;
    this.born = performance.now();
    this.held = false; // whether a slider's thumb is in somebody's hand
    this.waitsForHand = false;
    root.addEventListener("pointerdown", (event) => {
      if (event.target.type === "range") this.hold();
    });
  }

  // However long somebody thinks with the thumb in hand, a drag is one step.
  hold() {
    this.held = true;
    const letGo = (event) => {
      if (event.type === "blur" && event.target !== window) return; // of a field, not the window
      for (const name of LETTING_GO) removeEventListener(name, letGo, true);
      this.held = false;
      if (this.waitsForHand) this.restSoon();
    };
    for (const name of LETTING_GO) addEventListener(name, letGo, true);
  }

  stopResting() {
    clearTimeout(this.rest);
    this.waitsForHand = false;
  }

  restSoon() {
    this.stopResting();
    this.rest = setTimeout(() => {
      this.waitsForHand = this.held;
      if (!this.held && !isGoing(this.born)) this.flush(true);
    }, REST);
  }

  update({ data, setStateValue }) {
    this.data = data;
    this.send = setStateValue;
    this.sequence = Math.max(this.sequence, data.ack);
    for (const [name, edit] of Object.entries(this.pending)) {
      if (edit.sequence <= data.ack) delete this.pending[name];
    }
    if (data.ack >= this.sequence) this.answered();
    const structure = JSON.stringify([data.template, data.sections.map((section) => [
      section.name,
      section.fields.map((f) => [f.name, f.type, f.options, f.axes, f.label,
        Array.isArray(f.value) ? f.value.length : 0,
        f.fields && f.value.map((group) => Object.keys(group))]),
    ])]);
    this.fields = {};
    for (const section of data.sections) for (const f of section.fields) this.fields[f.name] = f;
    // Undone, reset, opened: another design, whatever was being written into this one.
    const other = data.generation !== this.generation;
    if (other) {
      this.generation = data.generation;
      this.pending = {};
      this.stopResting();
      this.answered();
    }
    const rebuilt = structure !== this.structure;
    this.fresh = rebuilt || other;
    if (rebuilt) {
      this.structure = structure;
      this.build();
    }
    for (const write of this.writers) write();
    this.fresh = false;
  }

  // --- sending ------------------------------------------------------------------------------

  edit(name, value) {
    this.pending[name] = { value, sequence: ++this.sequence };
    this.restSoon();
    if (this.frame) {
      this.waits = true;
      return;
    }
    this.flush(false);
    this.frame = requestAnimationFrame(() => {
      this.frame = null;
      if (this.waits) this.flush(false);
    });
  }

  // The numbers are asked for at once; what takes longer, when the hand rests.
  flush(resting, again = false) {
    this.waits = false;
    if (resting || again) this.sequence += 1;
    const edits = {};
    for (const [field, edit] of Object.entries(this.pending)) edits[field] = edit.value;
    this.send("edits", { sequence: this.sequence, generation: this.generation, edits, resting });
    clearTimeout(this.again);
    if (this.tries > TRIES) return;
    this.again = setTimeout(() => {
      this.tries += 1;
      if (isGoing(this.born)) return; // the page's next first run says that all rests
      this.flush(!this.held, true);
    }, UNANSWERED * 2 ** this.tries);
  }

  answered() {
    clearTimeout(this.again);
    this.tries = 0;
  }

  // What a field holds: what the person just chose, or what the server last said.
  value(name) {
    return name in this.pending ? this.pending[name].value : this.fields[name].value;
  }

  busy(element) {
    return !this.fresh && this.shadow.activeElement === element;
  }

  // --- building -----------------------------------------------------------------------------

  build() {
    const active = this.shadow.activeElement?.dataset?.path;
    this.writers = [];
    const panel = make("div", "panel");
    for (const section of this.data.sections) {
      const details = make("details");
      details.open = this.open[section.name] ?? section.open;
      details.ontoggle = () => { this.open[section.name] = details.open; };
      const title = make("summary", "", section.title);
      const note = make("span", "note");
      title.append(note);
      const find = () => this.data.sections.find((s) => s.name === section.name);
      this.writers.push(() => { note.textContent = find()?.note ?? ""; });
      const fields = make("div", "fields");
      for (const field of section.fields) fields.append(this.field(field));
      details.append(title, fields);
      panel.append(details);
    }
    this.root.replaceChildren(panel);
    if (active) {
      [...this.root.querySelectorAll("[data-path]")].find((e) => e.dataset.path === active)?.focus();
    }
  }

  field(field) {
    const box = make("div", "field");
    const name = field.name;
    const get = () => this.value(name);
    const set = (value) => this.edit(name, value);
    const id = `control-${name}`;
    const label = ["integer", "number", "choice"].includes(field.type);
    box.append(this.head(field, label ? id : null, name));
    box.append(this[field.type](field, { get, set, path: name, id }));
    box.append(this.error(box, name));
    return box;
  }

  head(field, id, reset) {
    const head = make("div", "head");
    const label = make(id ? "label" : "span", "label", field.label);
    label.title = field.help;
    if (id) label.htmlFor = id;
    head.append(label);
    // A unit that the label says already ("Filters", filters) is not said again.
    if (field.unit && !field.label.toLowerCase().includes(field.unit)) {
      head.append(make("span", "unit", field.unit));
    }
    const help = make("span", "help");
    const ask = make("button");
    ask.type = "button";
    ask.setAttribute("aria-label", `${field.label}: ${field.help}`);
    const tip = make("span", "tip", field.help);
    tip.setAttribute("aria-hidden", "true");
    help.append(ask, tip);
    head.append(help, make("span", "spacer"));
    if (reset) {
      const button = make("button", "reset", "Reset");
      button.type = "button";
      button.setAttribute("aria-label", `Reset ${field.label} to its default`);
      button.onclick = () => this.edit(reset, null);
      this.writers.push(() => { button.hidden = !this.fields[reset]?.changed; });
      head.append(button);
    }
    return head;
  }

  error(box, path) {
    const line = make("p", "error");
    line.setAttribute("role", "alert");
    const items = new RegExp(`^${path.replace(/[[\].]/g, "\\$&")}\\[\\d+\\]$`); // a list shows what is wrong with its items
    this.writers.push(() => {
      const { errors } = this.data;
      const item = Object.keys(errors).find((name) => items.test(name));
      const message = errors[path] ?? errors[item] ?? "";
      if (line.textContent !== message) line.textContent = message;
      box.classList.toggle("wrong", Boolean(message));
    });
    return line;
  }

  // A range and a number box over the same value.
  integer(field, { get, set, path, id, name, step }) {
    const row = make("div", "slide");
    const number = make("input");
    number.type = "number";
    Object.assign(number, { min: field.minimum, max: field.maximum, step: field.step, id });
    number.dataset.path = path;
    const parts = [number];
    const read = (input) => (input.value === "" ? input.value : Number(input.value));
    number.oninput = () => set(number.validity.badInput ? "not a number" : read(number));
    let range;
    if (field.slider) {
      range = make("input");
      range.type = "range";
      range.step = field.step;
      range.min = field.slider[0];
      range.dataset.path = `${path}.range`;
      range.setAttribute("aria-label", name ?? field.label);
      range.oninput = () => { number.value = range.value; set(Number(range.value)); };
      parts.unshift(range);
    }
    if (name) number.setAttribute("aria-label", name);
    row.append(...parts);
    this.writers.push(() => {
      const value = get();
      if (range) {
        if (step) range.min = range.step = step();
        range.max = Math.max(field.slider[1], Number(value) || 0);
        if (!this.busy(range) || Number(range.value) !== value) range.value = value;
      }
      if (this.fresh || !(this.busy(number) || path in this.data.errors)) number.value = value;
    });
    return row;
  }

  number(field, how) {
    return this.integer(field, how);
  }

  choice(field, { get, set, path, id, name, short }) {
    const select = make("select");
    select.id = id;
    select.dataset.path = path;
    if (name) select.setAttribute("aria-label", name);
    for (const [value, label] of field.options) {
      // In a narrow box "Same" stands for "Same: keep the border".
      select.add(new Option(short ? label.split(":")[0] : label, value));
    }
    if (short) select.title = field.options.map(([, label]) => label).join("\n");
    select.onchange = () => set(select.value);
    this.writers.push(() => { select.value = get(); });
    if (!field.teaches) return select;
    const box = make("div");
    const line = make("p", "teaches");
    line.id = `${id}-teaches`;
    select.setAttribute("aria-describedby", line.id);
    this.writers.push(() => {
      const text = field.teaches[get()] ?? "";
      if (line.textContent !== text) line.textContent = text;
    });
    box.append(select, line);
    return box;
  }

  choices(field, { get, set, path }) {
    const items = make("div", "items");
    field.value.forEach((_, index) => {
      const one = (value) => get().map((old, place) => (place === index ? value : old));
      items.append(this.choice(field, {
        get: () => get()[index], set: (value) => set(one(value)), path: `${path}.${index}`,
        id: `control-${path}-${index}`, name: `${field.label} of head ${index + 1}`,
      }));
    });
    return items;
  }

  flag(field, { get, set, path }) {
    const line = make("label", "switch");
    const box = make("input");
    box.type = "checkbox";
    box.dataset.path = path;
    box.onchange = () => set(box.checked);
    line.append(box, make("span", "", field.on ?? "On"));
    box.setAttribute("aria-label", field.label);
    this.writers.push(() => { box.checked = get(); });
    return line;
  }

  shape(field, { get, set, path }) {
    const row = make("div", "shape");
    field.axes.forEach((axis, index) => {
      if (index) row.append(make("span", "times", "×"));
      const box = make("div");
      const input = make("input");
      input.type = "number";
      input.min = 1;
      input.max = field.maximum;
      input.dataset.path = `${path}.${index}`;
      input.setAttribute("aria-label", `${field.label} ${axis}`);
      input.oninput = () => {
        const value = input.value === "" ? "" : Number(input.value);
        set(get().map((old, place) => (place === index ? value : old)));
      };
      box.append(make("span", "", axis), input);
      row.append(box);
      this.writers.push(() => {
        if (this.fresh || !(this.busy(input) || path in this.data.errors)) {
          input.value = get()[index];
        }
      });
    });
    return row;
  }

  list(field, { get, set, path }) {
    const items = make("div", "items");
    field.value.forEach((_, index) => {
      const item = make("div", "item");
      const replaced = (value) => get().map((old, place) => (place === index ? value : old));
      item.append(make("span", "", index + 1), this.integer(field.item, {
        get: () => get()[index], set: (value) => set(replaced(value)),
        path: `${path}[${index}]`, id: `control-${path}-${index}`,
        name: `${field.item.label} of ${field.item.each} ${index + 1}`,
      }));
      item.append(this.icon("✕", `Remove ${field.item.each} ${index + 1}`,
        () => set(get().filter((__, place) => place !== index)),
        field.value.length <= field.minimum_length));
      items.append(item);
    });
    const add = make("button", "", `+ ${field.add}`);
    add.type = "button";
    add.dataset.path = `${path}.add`;
    add.disabled = field.value.length >= field.maximum_length;
    add.onclick = () => set([...get(), get().at(-1) ?? field.item.default]);
    items.append(add);
    return items;
  }

  icon(text, label, action, disabled) {
    const button = make("button", "icon", text === "copy" ? "" : text);
    if (text === "copy") {
      // Drawn, because few fonts have a sign for it.
      button.innerHTML = '<svg width="13" height="13" viewBox="0 0 14 14" fill="none"' +
        ' stroke="currentColor" stroke-width="1.4"><rect x="1" y="4" width="9" height="9" rx="1.5"/>' +
        '<path d="M4 4V2.500A1.500 1.500 0 0 1 5.500 1H11.500A1.500 1.500 0 0 1 13 2.500V8.500A1.500 1.500 0 0 1 11.500 10H10"/></svg>';
    }
    button.type = "button";
    button.title = label;
    button.setAttribute("aria-label", label);
    button.disabled = disabled;
    button.onclick = action;
    return button;
  }

  groups(field, { get, set, path }) {
    const items = make("div", "items");
    const { value } = field;
    value.forEach((_, index) => items.append(this.group(field, index, { get, set, path })));
    const full = value.length >= field.maximum_length;
    const row = make("div", "adding");
    const button = (name, text, action) => {
      const add = make("button", "", text);
      add.type = "button";
      add.dataset.path = `${path}.${name}`;
      add.disabled = full;
      add.onclick = action;
      row.append(add);
    };
    button("add", "+ Add a group", () => set([...get(), {}])); // its defaults follow the group before it
    if (field.halving) {
      const { maximum } = field.fields.find((part) => part.name === "filters");
      button("double", "+ Double the filters, halve the maps", () => {
        const last = get().at(-1);
        const { halving } = this.fields[field.name];
        set([...get(), { ...last, ...halving, filters: Math.min(2 * last.filters, maximum) }]);
      });
    }
    items.append(row);
    return items;
  }

  // One group's card: what it is, what one drags, and the rest in small.
  group(field, index, { get, set, path }) {
    const group = field.value[index];
    const count = field.value.length;
    const card = make("div", "group");
    const header = make("header");
    header.append(make("b", "", `Group ${index + 1}`));
    const swap = (other) => {
      const list = [...get()];
      [list[index], list[other]] = [list[other], list[index]];
      set(list);
    };
    header.append(
      this.icon("↑", `Move group ${index + 1} up`, () => swap(index - 1), index === 0),
      this.icon("↓", `Move group ${index + 1} down`, () => swap(index + 1), index === count - 1),
      this.icon("copy", `Duplicate group ${index + 1}`,
        () => set(get().toSpliced(index + 1, 0, { ...get()[index] })),
        count >= field.maximum_length),
      this.icon("✕", `Remove group ${index + 1}`,
        () => set(get().filter((__, place) => place !== index)),
        count <= field.minimum_length),
    );
    const rest = make("div", "rest");
    card.append(header);
    const replaced = (change) => set(get().map((one, at) => (at === index ? change(one) : one)));
    for (const part of field.fields.filter(({ name }) => name in group)) {
      const how = {
        get: () => get()[index]?.[part.name],
        set: (chosen) => replaced((one) => ({ ...one, [part.name]: chosen })),
        path: `${path}[${index}].${part.name}`,
        id: `control-${path}-${index}-${part.name}`,
        name: `${part.label} of group ${index + 1}`,
      };
      if (part.name === "pattern") {
        // Another pattern keeps the group's size; its own defaults follow from the server.
        how.set = (pattern) => replaced((one) => Object.fromEntries(
          [["pattern", pattern], ...this.fields[field.name].kept[index].map((name) => [name, one[name]])]
            .filter(([, kept]) => kept !== undefined)));
      }
      // Parallel paths share the filters equally, so that dragging passes only what can be built.
      if (part.name === "filters") how.step = () => Number(get()[index]?.cardinality) || 1;
      how.short = part.name !== "pattern";
      const main = ["filters", "blocks"].includes(part.name); // what one drags
      const box = make("div", "field");
      if (part.name !== "pattern") box.append(this.head(part, how.id, null));
      box.append(this[part.type](main ? part : { ...part, slider: null }, how));
      box.append(this.error(box, how.path));
      (main || part.name === "pattern" ? card : rest).append(box);
    }
    card.append(rest);
    return card;
  }
}

export default function (component) {
  const { parentElement } = component;
  let panel = panels.get(parentElement);
  if (!panel) {
    panel = new Panel(parentElement, parentElement.querySelector(".root"));
    panels.set(parentElement, panel);
  }
  panel.update(component);
  return onLeaving(parentElement, () => { panel.stopResting(); clearTimeout(panel.again); });
}
