// The layers, grouped by stem, group and task. The server sends the rows of what is open, so that
// a network of 500 layers costs no more than a small one until somebody opens it. A name selects
// its section, block or layer; the arrow keys move the selection from row to row, and open and
// close a section.
const states = new WeakMap();
const cell = (text, style) => {
  const td = document.createElement("td");
  td.textContent = text;
  if (style) td.className = style;
  return td;
};
const count = (number) => number.toLocaleString("en-US");
// Of a file's model not every layer can be counted.
const known = (place, number) =>
  place.counted === "none" ? "?" : `${place.counted === "some" ? "≥ " : ""}${count(number)}`;

function download({ name, text }) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function openedIn(data) {
  return data.sections.filter(({ open }) => open).map(({ key }) => key);
}

/** Milliseconds between two pictures of the same rows while their figures change. */
const PACE = 120;

class Table {
  constructor(root) {
    this.root = root;
    root.innerHTML =
      '<div class="toolbar"><h3>Layers</h3><button type="button" class="expand">Open all</button>' +
      '<button type="button" class="collapse">Close all</button>' +
      '<button type="button" class="save">Save as CSV</button></div>' +
      '<div class="wrap" role="region" aria-label="Layer table; arrow keys move the selection"><table>' +
      '<thead><tr><th scope="col">Layer</th><th scope="col" class="class">Class</th>' +
      '<th scope="col">Output shape</th><th scope="col" class="number">Parameters</th>' +
      '<th scope="col" class="number">Multiply-adds</th></tr></thead><tbody></tbody></table></div>';
    this.wrap = root.querySelector(".wrap");
    this.body = root.querySelector("tbody");
    root.querySelector(".expand").onclick = () => this.open(this.names());
    root.querySelector(".collapse").onclick = () => this.open([]);
    root.querySelector(".save").onclick = () => this.trigger("save", Date.now());
    this.body.addEventListener("click", (event) => this.click(event));
    this.body.addEventListener("keydown", (event) => this.press(event));
  }

  update({ data, setStateValue, setTriggerValue }) {
    this.setState = setStateValue;
    this.trigger = setTriggerValue;
    const { selected, file, ...rest } = data;
    if (file) download(file);
    const text = JSON.stringify(rest);
    const moved = selected !== this.selected;
    this.selected = selected;
    if (text !== this.text) {
      this.text = text;
      const same = this.data && this.opened().join() === openedIn(rest).join();
      this.data = rest;
      clearTimeout(this.waiting);
      // What was opened or closed is shown at once; figures that follow a dragged slider leave
      // room for the totals and the drawing, which an eye on the slider looks at.
      const wait = same && !moved ? this.painted + PACE - performance.now() : 0;
      if (wait > 0) this.waiting = setTimeout(() => this.repaint(), wait);
      else this.paint();
    }
    this.mark();
    // A selection made elsewhere comes into sight; one made here is there already.
    if (moved && selected && selected !== this.chosen) this.show(selected);
    this.chosen = null;
  }

  names() { return this.data.sections.map(({ key }) => key); }

  opened() { return openedIn(this.data); }

  repaint() {
    this.paint();
    this.mark();
  }

  open(keys) {
    this.setState("view", {
      template: this.data.template, known: this.names(), open: keys, selected: this.selected,
    });
  }

  toggle(key) {
    const open = new Set(this.opened());
    open.has(key) ? open.delete(key) : open.add(key);
    this.open([...open]);
  }

  select(key) {
    this.chosen = key;
    this.trigger("select", key);
  }

  row(key) { return [...this.body.children].find((row) => row.dataset.key === key); }

  click(event) {
    const row = event.target.closest("tr");
    if (!row) return;
    if (event.target.closest(".disclose")) this.toggle(row.dataset.key);
    else if (event.target.closest("button")) {
      const { key } = row.dataset;
      const closed = this.data.sections.some((section) => section.key === key && !section.open);
      if (closed) this.toggle(key);
      this.select(key);
    }
  }

  press(event) {
    const row = event.target.closest("tr");
    const steps = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" };
    if (event.key in steps) {
      const next = row[steps[event.key]];
      if (next) {
        next.querySelector(".name").focus({ preventScroll: true });
        this.intoSight(next);
        this.select(next.dataset.key);
      }
    } else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      const opening = event.key === "ArrowRight";
      const section = this.data.sections.find(({ key }) => key === row.dataset.key);
      if (!section || section.open === opening) return;
      this.toggle(section.key);
    } else return;
    event.preventDefault();
  }

  // The selected row is marked, and the one stop of the Tab key among the names.
  mark() {
    const stop = this.row(this.selected) || this.body.firstElementChild;
    for (const row of this.body.children) {
      const chosen = row.dataset.key === this.selected;
      row.classList.toggle("selected", chosen);
      const name = row.querySelector(".name");
      name.tabIndex = row === stop ? 0 : -1;
      if (chosen) name.setAttribute("aria-current", "true");
      else name.removeAttribute("aria-current");
    }
  }

  show(key) {
    const row = this.row(key);
    if (row) this.intoSight(row);
  }

  // Only the table scrolls: the page stays where its reader is.
  intoSight(row) {
    const head = this.root.querySelector("thead").offsetHeight;
    const above = row.offsetTop - head;
    const below = row.offsetTop + row.offsetHeight - this.wrap.clientHeight;
    if (this.wrap.scrollTop > above) this.wrap.scrollTop = above;
    else if (this.wrap.scrollTop < below) this.wrap.scrollTop = below;
  }

  nameButton(text) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "name";
    button.textContent = text;
    return button;
  }

  disclosure(section) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "disclose";
    button.setAttribute("aria-expanded", section.open);
    button.setAttribute("aria-label", `${section.open ? "Close" : "Open"} ${section.title}`);
    return button;
  }

  line(place, text) {
    const row = document.createElement("tr");
    row.className = place.kind + (place.fault ? " fault" : "") + (place.deep ? " inside" : "");
    row.dataset.key = place.key;
    if (place.kind === "layer") row.dataset.layer = place.key;
    const name = document.createElement("td");
    if (place.kind === "section") name.append(this.disclosure(place));
    name.append(this.nameButton(text));
    row.append(name, cell(place.class_name), cell(place.shape), cell(known(place, place.params), "number"),
      cell(known(place, place.multiply_adds), "number"));
    return row;
  }

  paint() {
    this.painted = performance.now();
    const focused = this.root.getRootNode().activeElement;
    const where = focused?.closest?.("tbody tr")?.dataset.key;
    const which = focused?.className;
    const rows = [];
    for (const section of this.data.sections) {
      const head = this.line(section, section.title);
      if (section.share >= 0.01) {
        const bar = document.createElement("span");
        bar.className = "bar";
        bar.style.width = `${Math.max(2, section.share * 70)}px`;
        bar.title = `${(section.share * 100).toFixed(0)}% of all parameters`;
        head.children[3].prepend(bar);
      }
      rows.push(head, ...section.rows.map((place) => this.line(place, place.title)));
    }
    this.body.replaceChildren(...rows);
    if (where) this.row(where)?.querySelector(`.${which}`)?.focus({ preventScroll: true });
  }
}

export default function (component) {
  const { parentElement } = component;
  if (!states.has(parentElement)) {
    states.set(parentElement, new Table(parentElement.querySelector(".root")));
  }
  states.get(parentElement).update(component);
}
