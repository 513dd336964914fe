// The design as code. Lines that stay the same stay the same elements, so that the page keeps its
// place while a slider is dragged; only what changed is made anew.
const states = new WeakMap();
const ACTIVATIONS = { design: "as designed", argument: "as arguments", layer: "as layers" };

const make = (tag, className, text) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};

function download(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const anchor = make("a");
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

// "3, 5–8" for [3, 5, 6, 7, 8]
function ranges(numbers) {
  const spans = [];
  for (const number of numbers) {
    const last = spans.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else spans.push([number, number]);
  }
  return spans.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(", ");
}

class Pane {
  constructor(view, place) {
    this.view = view;
    this.place = place;
    this.keys = [];
    this.root = make("section", "pane");
    const head = make("div", "head");
    this.select = make("select", "other");
    this.select.setAttribute("aria-label", "Style beside it");
    this.select.onchange = () => view.change({ other: this.select.value });
    this.title = make("h4");
    this.copied = copyButton(() => this.source());
    this.python = make("button", "python", ".py");
    this.python.type = "button";
    this.python.onclick = () =>
      download(`${view.data.name}_${this.style}.py`, "text/x-python", this.source());
    this.notebook = make("button", "notebook", ".ipynb");
    this.notebook.type = "button";
    this.notebook.title = "A notebook that builds the model and trains it on sample data";
    this.notebook.onclick = () => view.askNotebook(this.style);
    this.python.setAttribute("aria-label", "Download as a Python file");
    this.notebook.setAttribute("aria-label", "Download as a notebook that trains it");
    head.append(this.title, this.select, this.copied, this.python, this.notebook);
    this.note = make("p", "note");
    this.code = make("div", "code");
    this.code.tabIndex = 0;
    this.code.setAttribute("role", "region");
    this.pre = make("pre");
    this.code.append(this.pre);
    this.reason = make("div", "reason");
    this.reason.setAttribute("role", "status");
    this.root.append(head, this.note, this.code, this.reason);
  }

  source() {
    return this.lines.map((line) => line.map(([, text]) => text).join("")).join("\n") + "\n";
  }

  update(pane, styles) {
    const style = styles.find(({ name }) => name === pane.style);
    const kept = pane.lines === null && !pane.reason && this.style === pane.style && this.lines;
    this.style = pane.style;
    this.title.hidden = this.place === 1;
    this.title.textContent = style.title;
    this.select.hidden = this.place === 0;
    if (this.select.childElementCount === 0) {
      this.select.append(...styles.map(({ name, title }) => new Option(title, name)));
    }
    this.select.value = pane.style;
    this.code.setAttribute("aria-label", `${style.title}: source`);
    const stopped = Boolean(pane.reason);
    this.code.hidden = stopped;
    this.reason.hidden = !stopped;
    for (const button of [this.copied, this.python, this.notebook]) {
      button.disabled = stopped || (!pane.lines && !kept);
    }
    this.note.textContent = pane.changed.length
      ? `${pane.changed.length} line${pane.changed.length > 1 ? "s" : ""} changed: ${ranges(pane.changed)}`
      : pane.lines || stopped ? style.teaches : "Follows when you let go.";
    this.note.classList.toggle("changes", pane.changed.length > 0);
    if (stopped) return this.stop(pane, styles);
    if (pane.lines) this.write(pane);
    else if (!kept) { this.pre.replaceChildren(); this.keys = []; this.lines = []; }
  }

  stop(pane, styles) {
    const text = pane.reason + pane.works.join();
    if (this.reasonText === text) return;
    this.reasonText = text;
    this.reason.replaceChildren(make("p", "", pane.reason));
    for (const name of pane.works) {
      const button = make("button", "", `Show it as ${styles.find((one) => one.name === name).title}`);
      button.type = "button";
      button.dataset.style = name;
      button.onclick = () => this.view.change(this.place ? { other: name } : { style: name });
      this.reason.append(button);
    }
  }

  write(pane) {
    this.lines = pane.lines;
    const changed = new Set(pane.changed), lit = new Set(pane.lit);
    const rows = this.pre.children;
    while (rows.length > pane.lines.length) rows[rows.length - 1].remove();
    this.keys.length = Math.min(this.keys.length, pane.lines.length);
    pane.lines.forEach((line, place) => {
      const key = JSON.stringify(line);
      let row = rows[place];
      if (!row) {
        row = make("code");
        this.pre.append(row);
      }
      if (this.keys[place] !== key) {
        this.keys[place] = key;
        row.replaceChildren(...line.map(([kind, text]) => make("span", kind, text)), "\n");
      }
      row.classList.toggle("changed", changed.has(place + 1));
      row.classList.toggle("lit", lit.has(place + 1));
    });
    const first = pane.lit[0];
    if (first !== this.first) {
      this.first = first;
      if (first && rows[first - 1]) this.show(rows[first - 1]);
    }
  }

  // Scrolls the code alone, never the page.
  show(row) {
    const top = row.offsetTop, height = this.code.clientHeight;
    if (top < this.code.scrollTop || top > this.code.scrollTop + height - 24) {
      this.code.scrollTop = top - height / 3;
    }
  }
}

class CodeView {
  constructor(root) {
    this.root = root;
    this.panes = [];
    this.sequence = Date.now();
    const bar = make("div", "bar");
    this.styles = make("fieldset", "styles");
    this.styles.append(make("legend", "hidden", "Style of the code"));
    this.activations = make("select", "activations");
    for (const [value, text] of Object.entries(ACTIVATIONS)) {
      this.activations.append(new Option(text, value));
    }
    this.activations.onchange = () => this.change({ activations: this.activations.value });
    const label = make("label", "activation-label", "Activations ");
    label.append(this.activations);
    this.side = make("button", "side", "Side by side");
    this.side.type = "button";
    this.side.onclick = () => {
      const { side_by_side: already, style, other } = this.data.view;
      const beside = !already && other === style  // the same twice says nothing
        ? (style === "functional" ? "reuse" : "functional") : other;
      this.change({ side_by_side: !already, other: beside });
    };
    bar.append(this.styles, label, this.side);
    this.box = make("div", "panes");
    root.append(bar, this.box);
  }

  // The answer takes a moment; what is chosen meanwhile adds to this choice.
  change(changes) {
    this.data = { ...this.data, view: { ...this.data.view, ...changes } };
    this.send("view", this.data.view);
  }

  askNotebook(style) {
    this.sequence += 1;
    this.send("view", { ...this.data.view, notebook: { style, sequence: this.sequence } });
  }

  update(data) {
    this.data = data;
    const { view } = data;
    if (this.styles.childElementCount === 1) {
      for (const { name, title, teaches } of data.styles) {
        const label = make("label");
        const input = make("input");
        input.type = "radio";
        input.name = "style";
        input.value = name;
        input.onchange = () => this.change({ style: name });
        label.title = teaches;
        label.append(input, make("span", "", title));
        this.styles.append(label);
      }
    }
    for (const input of this.styles.querySelectorAll("input")) input.checked = input.value === view.style;
    this.activations.value = view.activations;
    this.side.setAttribute("aria-pressed", view.side_by_side);
    while (this.panes.length > data.panes.length) this.panes.pop().root.remove();
    data.panes.forEach((pane, place) => {
      if (!this.panes[place]) {
        this.panes.push(new Pane(this, place));
        this.box.append(this.panes[place].root);
      }
      this.panes[place].update(pane, data.styles);
    });
    this.box.classList.toggle("two", data.panes.length > 1);
    if (data.notebook && data.notebook.sequence !== this.downloaded) {
      this.downloaded = data.notebook.sequence;
      download(data.notebook.name, "application/x-ipynb+json", data.notebook.text);
    }
  }
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".root");
  let view = states.get(parentElement);
  if (!view) {
    view = new CodeView(root);
    states.set(parentElement, view);
  }
  view.send = setStateValue;
  view.update(data);
}
