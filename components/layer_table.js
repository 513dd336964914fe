// The layers, grouped by stem, group and block. Only what is open is in the page, so that a
// network of 500 layers costs no more than a small one until somebody opens it.
const states = new WeakMap();
const cell = (text, style) => {
  const td = document.createElement("td");
  td.textContent = text;
  if (style) td.className = style;
  return td;
};
const count = (number) => number.toLocaleString("en-US");

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".root");
  let state = states.get(parentElement);
  if (!state) {
    state = { open: null, why: new Set() };
    states.set(parentElement, state);
    root.innerHTML =
      '<div class="toolbar"><h3>Layers</h3><button type="button" class="expand">Open all</button>' +
      '<button type="button" class="collapse">Close all</button></div>' +
      '<div class="wrap" tabindex="0" role="region" aria-label="Layer table"><table>' +
      '<thead><tr><th scope="col">Layer</th><th scope="col" class="class">Class</th>' +
      '<th scope="col">Output shape</th><th scope="col" class="number">Parameters</th>' +
      '<th scope="col" class="number">Multiply-adds</th></tr></thead><tbody></tbody></table></div>';
  }
  // Small networks are open from the start; of large ones, only what stands around the learner.
  if (state.template !== data.template) {
    state.template = data.template;
    state.open = new Set();
    state.known = new Set();
    state.why.clear();
  }
  for (const { name } of data.sections) {
    if (!state.known.has(name) && (data.small || !name.startsWith("Group"))) state.open.add(name);
    state.known.add(name);
  }
  state.data = data;
  root.querySelector(".expand").onclick = () => {
    state.open = new Set(state.data.sections.map((s) => s.name));
    render();
  };
  root.querySelector(".collapse").onclick = () => { state.open.clear(); render(); };

  function toggle(set, name) {
    set.has(name) ? set.delete(name) : set.add(name);
    render();
    const again = [...root.querySelectorAll("button[data-name]")].find((b) => b.dataset.name === name);
    if (again) again.focus();
  }

  function button(name, label, expanded, set) {
    const element = document.createElement("button");
    element.type = "button";
    element.textContent = label;
    element.dataset.name = name;
    element.setAttribute("aria-expanded", expanded);
    element.onclick = () => toggle(set, name);
    return element;
  }

  function whyRow(layer) {
    const row = document.createElement("tr");
    row.className = "why";
    const td = document.createElement("td");
    td.colSpan = 5;
    const teach = document.createElement("p");
    teach.textContent = state.data.teaches[layer.class_name];
    const list = document.createElement("dl");
    for (const [term, text] of Object.entries(layer.why ?? { Parameters: "…" })) {
      if (!text) continue;
      const dt = document.createElement("dt");
      dt.textContent = term;
      const dd = document.createElement("dd");
      dd.textContent = text;
      list.append(dt, dd);
    }
    td.append(teach, list);
    row.append(td);
    return row;
  }

  function render() {
    const body = document.createDocumentFragment();
    for (const section of state.data.sections) {
      const open = state.open.has(section.name);
      const head = document.createElement("tr");
      head.className = "section" + (section.fault ? " fault" : "");
      const title = document.createElement("td");
      title.append(button(section.name, section.title, open, state.open));
      const number = cell(count(section.params), "number");
      if (section.share >= 0.01) {
        const bar = document.createElement("span");
        bar.className = "bar";
        bar.style.width = `${Math.max(2, section.share * 70)}px`;
        bar.title = `${(section.share * 100).toFixed(0)}% of all parameters`;
        number.prepend(bar);
      }
      head.append(title, cell(""), cell(section.shape), number, cell(count(section.multiply_adds), "number"));
      body.append(head);
      if (!open) continue;
      for (const layer of section.layers) {
        const row = document.createElement("tr");
        row.className = "layer" + (layer.fault ? " fault" : "");
        row.dataset.layer = layer.name;
        const name = document.createElement("td");
        const asked = state.why.has(layer.name);
        const ask = button(layer.name, layer.name, asked, state.why);
        ask.title = "Why these numbers?";
        name.append(ask);
        row.append(name, cell(layer.class_name), cell(layer.shape), cell(count(layer.params), "number"),
          cell(count(layer.multiply_adds), "number"));
        body.append(row);
        if (asked) body.append(whyRow(layer));
      }
    }
    root.querySelector("tbody").replaceChildren(body);
  }
  render();
}
