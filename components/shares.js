// Bars of pieces. The same buttons are kept and changed, so that bars that follow a dragged slider
// do not flicker and a piece that has the focus keeps it. One stop of the Tab key a bar: arrows
// move along it.
const states = new WeakMap();

function make(tag, style) {
  const element = document.createElement(tag);
  if (style) element.className = style;
  return element;
}

function fill(parent, count, create) {
  while (parent.childElementCount > count) parent.lastElementChild.remove();
  while (parent.childElementCount < count) parent.append(create());
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  let state = states.get(parentElement);
  if (!state) {
    state = {};
    states.set(parentElement, state);
    state.fit = () => {
      for (const bar of root.querySelectorAll(".bar")) {
        const width = bar.clientWidth;
        for (const piece of bar.children) {
          const label = piece.firstElementChild;
          // Letters are about 7.3 pixels wide at this size; asking each for its width would
          // lay the page out again and again.
          label.hidden = Number(piece.dataset.share) * width < label.textContent.length * 7.3 + 10;
        }
      }
    };
    new ResizeObserver(() => state.fit()).observe(root);
    root.addEventListener("keydown", (event) => {
      const piece = event.target.closest(".piece");
      const steps = { ArrowLeft: -1, ArrowRight: 1, Home: -1e6, End: 1e6 };
      if (!piece || !(event.key in steps)) return;
      const all = [...piece.parentElement.children];
      const place = Math.min(all.length - 1, Math.max(0, all.indexOf(piece) + steps[event.key]));
      piece.tabIndex = -1;
      all[place].tabIndex = 0;
      all[place].focus();
      event.preventDefault();
    });
    root.addEventListener("click", (event) => {
      const piece = event.target.closest(".piece");
      if (piece) state.send("select", piece.dataset.key);
    });
  }
  state.send = setTriggerValue;
  const text = JSON.stringify(data);
  if (text === state.text) return;
  state.text = text;
  const selected = new Set(data.selected);

  fill(root, data.rows.length, () => {
    const row = make("section", "row");
    row.append(make("h4"), make("p"), make("div", "bar sections"), make("div", "bar inside"));
    return row;
  });
  data.rows.forEach((row, index) => {
    const [label, sentence, ...bars] = root.children[index].children;
    root.children[index].dataset.row = row.name;
    write(label, row.label);
    write(sentence, row.sentence);
    bars.forEach((bar, which) => {
      const pieces = row.bars[which];
      bar.setAttribute("role", "group");
      bar.setAttribute("aria-label", `${row.label} by ${which ? "block and layer" : "section"}`);
      fill(bar, pieces.length, () => {
        const piece = make("button", "piece");
        piece.type = "button";
        piece.append(make("span", "label"));
        return piece;
      });
      let reachable = null;
      pieces.forEach(([key, name, title, share, role, step, together], place) => {
        const piece = bar.children[place];
        // Among blocks and layers, a selected section marks nothing but its own small parts.
        const within = selected.has(key) && !(which && together && data.selected.length > 1);
        const style = `piece role-${role}${place % 2 ? " odd" : ""}${within ? " selected" : ""}`;
        if (piece.className !== style) piece.className = style;
        piece.dataset.key = key;
        piece.dataset.share = share;
        piece.style.flexGrow = share;
        piece.style.setProperty("--step", step);
        if (piece.title !== title) piece.title = title;
        piece.setAttribute("aria-label", title);
        piece.setAttribute("aria-pressed", within);
        write(piece.firstElementChild, name);
        if (within && !reachable) reachable = piece;
        piece.tabIndex = -1;
      });
      const focused = [...bar.children].find((piece) => piece === root.getRootNode().activeElement);
      const stop = focused || reachable || bar.firstElementChild;
      if (stop) stop.tabIndex = 0;
    });
  });
  state.fit();
}
