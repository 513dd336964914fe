// The confusion matrix as a grid: one stop of the Tab key, arrows move in it, Enter or a click
// shows the examples of a cell. Of many classes the cells are small and bear no numbers; what one
// counts is said beneath.
const states = new WeakMap();
const WITH_NUMBERS = 26; // up to so many classes the cells have room for them
const STEPS = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };

const plural = (count, word) => `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;

class Matrix {
  constructor(root) {
    this.root = root;
    root.innerHTML =
      '<div class="axis">taken for →</div><div class="wrap"><table role="grid"></table></div>' +
      '<p class="told" aria-live="polite"></p>';
    this.table = root.querySelector("table");
    this.told = root.querySelector(".told");
    new ResizeObserver(() => this.fit()).observe(root);
    this.table.addEventListener("click", (event) => this.choose(event.target.closest("td")));
    this.table.addEventListener("keydown", (event) => this.press(event));
    this.table.addEventListener("mouseover", (event) => this.tell(event.target.closest("td")));
    this.table.addEventListener("mouseleave", () => this.tell(this.cell(this.data.cell)));
    this.table.addEventListener("focusin", (event) => this.tell(event.target.closest("td")));
  }

  update({ data, setStateValue }) {
    this.send = setStateValue;
    const { cell, ...rest } = data;
    const text = JSON.stringify([rest.head, rest.classes, rest.counts]);
    this.data = { ...data };
    if (text !== this.text) {
      this.text = text;
      this.build();
    }
    this.mark();
    this.tell(this.cell(cell));
  }

  build() {
    const { classes, counts, head } = this.data;
    const small = classes.length > WITH_NUMBERS;
    this.root.classList.toggle("small", small);
    this.root.classList.toggle("roomy", classes.length <= 12);
    this.table.setAttribute("aria-label", `Confusion matrix of ${head}: rows what it is, columns what it was taken for`);
    const header = (name, scope) => {
      const element = document.createElement("th");
      element.scope = scope;
      element.title = name;
      const label = document.createElement("span");
      label.textContent = name;
      element.append(label);
      return element;
    };
    const top = document.createElement("tr");
    top.append(document.createElement("th"), ...classes.map((name) => header(name, "col")));
    top.firstElementChild.textContent = "is ↓";
    // Short names need not be written on end.
    this.root.classList.toggle("upright", Math.max(...classes.map((name) => name.length)) > 4);
    const rows = counts.map((line, truth) => {
      const row = document.createElement("tr");
      const total = line.reduce((sum, count) => sum + count, 0);
      row.append(header(classes[truth], "row"), ...line.map((count, said) => {
        const cell = document.createElement("td");
        cell.dataset.truth = truth;
        cell.dataset.said = said;
        cell.tabIndex = -1;
        cell.className = truth === said ? "right" : "wrong";
        if (count) {
          // The square root lets few mistakes among many examples be seen.
          cell.style.setProperty("--share", `${Math.round(18 + 62 * Math.sqrt(count / total))}%`);
          cell.classList.add("some");
        }
        if (!small) cell.textContent = count ? count.toLocaleString("en") : "";
        cell.setAttribute("aria-label", this.words(truth, said));
        return cell;
      }));
      return row;
    });
    const head_ = document.createElement("thead"), body = document.createElement("tbody");
    this.fit();
    this.root.querySelector(".axis").textContent = small ?
      "rows: what it is ↓ · columns: what it was taken for → · point at a cell to read it" : "taken for →";
    head_.append(top);
    body.append(...rows);
    this.table.replaceChildren(head_, body);
  }

  // Cells of many classes are as large as lets all of them be seen at once.
  fit() {
    const side = Math.floor((this.root.clientWidth - 8) / (this.data?.classes.length || 1));
    this.root.style.setProperty("--side", `${Math.min(14, Math.max(3, side))}px`);
  }

  words(truth, said) {
    const { classes, counts } = this.data;
    const of = counts[truth].reduce((sum, count) => sum + count, 0), count = counts[truth][said];
    if (!of) return `The test part has no example of “${classes[truth]}”.`;
    const was = count === 1 ? "was" : "were";
    const end = truth === said ? "found" : `taken for “${classes[said]}”`;
    return `Of ${plural(of, "example")} of “${classes[truth]}”, ${count ? count.toLocaleString("en") : "none"} ${was} ${end}.`;
  }

  cell(place) {
    if (!place) return null;
    return this.table.tBodies[0]?.rows[place[0]]?.cells[place[1] + 1] ?? null;
  }

  tell(cell) {
    const text = cell ? this.words(+cell.dataset.truth, +cell.dataset.said) : "Choose a cell to see its examples.";
    if (this.told.textContent !== text) this.told.textContent = text;
  }

  mark() {
    const old = this.table.querySelector(".chosen");
    const chosen = this.cell(this.data.cell);
    if (old && old !== chosen) {
      old.classList.remove("chosen");
      old.removeAttribute("aria-selected");
    }
    for (const cell of this.table.querySelectorAll('td[tabindex="0"]')) cell.tabIndex = -1;
    const stop = chosen ?? this.cell([0, 0]);
    if (stop) stop.tabIndex = 0;
    if (chosen) {
      chosen.classList.add("chosen");
      chosen.setAttribute("aria-selected", "true");
    }
  }

  choose(cell) {
    if (!cell) return;
    const truth = +cell.dataset.truth, said = +cell.dataset.said;
    this.data.cell = [truth, said];
    this.mark();
    this.tell(cell);
    this.send("cell", { head: this.data.head, truth, said });
  }

  press(event) {
    const cell = event.target.closest("td");
    if (!cell) return;
    if (event.key === "Enter" || event.key === " ") {
      this.choose(cell);
      event.preventDefault();
    } else if (event.key in STEPS) {
      const [down, right] = STEPS[event.key];
      const next = this.cell([+cell.dataset.truth + down, +cell.dataset.said + right]);
      if (next?.matches("td")) {
        cell.tabIndex = -1;
        next.tabIndex = 0;
        next.focus();
      }
      event.preventDefault();
    }
  }
}

export default function (component) {
  const root = component.parentElement.querySelector(".root");
  if (!states.has(root)) states.set(root, new Matrix(root));
  states.get(root).update(component);
}
