// Bars of pieces: sections above, what is inside them below. The same buttons are kept and changed,
// so that bars that follow a dragged slider do not flicker and a piece that has the focus keeps
// it. A bar is one stop of the Tab key: arrows move along it and between its two levels.
const states = new WeakMap();

function make(tag, style) {
  const element = document.createElement(tag);
  if (style) element.className = style;
  return element;
}

function makePiece() {
  const piece = make("button", "piece");
  piece.type = "button";
  piece.append(make("span", "label"));
  return piece;
}

function makeColumn() {
  const column = make("div", "column");
  column.append(makePiece(), make("div", "inside"));
  return column;
}

function makeRow() {
  const row = make("section", "row");
  const bar = make("div", "bar");
  bar.setAttribute("role", "group");
  row.append(make("h4"), make("p"), bar);
  return row;
}

function fill(parent, count, create) {
  while (parent.childElementCount > count) parent.lastElementChild.remove();
  while (parent.childElementCount < count) parent.append(create());
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

class Shares {
  constructor(root) {
    this.root = root;
    new ResizeObserver(() => this.fit()).observe(root);
    root.addEventListener("keydown", (event) => this.press(event));
    root.addEventListener("click", (event) => {
      const piece = event.target.closest(".piece");
      if (piece) this.send("select", piece.dataset.key);
    });
  }

  update({ data, setTriggerValue }) {
    this.send = setTriggerValue;
    const text = JSON.stringify(data);
    if (text === this.text) return;
    this.text = text;
    this.selected = new Set(data.selected);
    fill(this.root, data.rows.length, makeRow);
    data.rows.forEach((row, index) => this.paintRow(this.root.children[index], row));
    this.fit();
  }

  paintRow(element, row) {
    element.dataset.row = row.name;
    const [label, sentence, bar] = element.children;
    write(label, row.label);
    write(sentence, row.sentence);
    bar.setAttribute("aria-label", `${row.label} by section, block and layer`);
    fill(bar, row.sections.length, makeColumn);
    row.sections.forEach(([section, inside], place) => {
      const column = bar.children[place];
      column.style.flexGrow = section[3] * 1e4;
      this.paint(column.firstElementChild, section, 0, false);
      fill(column.lastElementChild, inside.length, makePiece);
      inside.forEach((piece, number) => {
        this.paint(column.lastElementChild.children[number], piece, number, true);
      });
    });
    const pieces = [...bar.querySelectorAll(".piece")];
    const focused = pieces.find((piece) => piece === this.root.getRootNode().activeElement);
    const marked = pieces.filter((piece) => piece.classList.contains("selected")).at(-1);
    const stop = focused || marked || pieces[0];
    for (const piece of pieces) piece.tabIndex = piece === stop ? 0 : -1;
  }

  paint(element, [key, name, title, share, role, step, together], number, inside) {
    // What stands for several small parts is selected with their section, but not inside it.
    const marked = this.selected.has(key) && !(inside && together && this.selected.size > 1);
    const style = `piece role-${role}${number % 2 ? " odd" : ""}${marked ? " selected" : ""}`;
    if (element.className !== style) element.className = style;
    element.dataset.key = key;
    element.dataset.share = share;
    element.style.flexGrow = share * 1e4; // less than 1 in all would leave room unfilled
    element.style.setProperty("--step", step);
    if (element.title !== title) {
      element.title = title;
      element.setAttribute("aria-label", title);
    }
    element.setAttribute("aria-pressed", marked);
    write(element.firstElementChild, name);
  }

  // Letters are about 7.3 pixels wide at this size; to ask each label for its width would lay the
  // page out again and again.
  fit() {
    for (const bar of this.root.querySelectorAll(".bar")) {
      const width = bar.clientWidth;
      for (const piece of bar.querySelectorAll(".piece")) {
        const label = piece.firstElementChild;
        label.hidden = Number(piece.dataset.share) * width < label.textContent.length * 7.3 + 10;
      }
    }
  }

  press(event) {
    const piece = event.target.closest(".piece");
    const next = piece && this.neighbour(piece, event.key);
    if (!next) return;
    piece.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
    event.preventDefault();
  }

  neighbour(piece, key) {
    const column = piece.closest(".column");
    const inside = piece.parentElement !== column;
    if (key === "ArrowDown") return inside ? null : column.querySelector(".inside .piece");
    if (key === "ArrowUp") return inside ? column.firstElementChild : null;
    const steps = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };
    if (!(key in steps)) return null;
    const level = inside ? ".inside .piece" : ".column > .piece";
    const all = [...column.parentElement.querySelectorAll(level)];
    return all[Math.min(all.length - 1, Math.max(0, all.indexOf(piece) + steps[key]))];
  }
}

export default function (component) {
  const { parentElement } = component;
  if (!states.has(parentElement)) {
    states.set(parentElement, new Shares(parentElement.querySelector(".root")));
  }
  states.get(parentElement).update(component);
}
