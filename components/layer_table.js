// The layers, grouped by stem, group and task. The server sends the rows of what is open, so that
// a network of 500 layers costs no more than a small one until somebody opens it.
const states = new WeakMap();
const cell = (text, style) => {
  const td = document.createElement("td");
  td.textContent = text;
  if (style) td.className = style;
  return td;
};
const count = (number) => number.toLocaleString("en-US");

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".root");
  let state = states.get(parentElement);
  if (!state) {
    state = {};
    states.set(parentElement, state);
    root.innerHTML =
      '<div class="toolbar"><h3>Layers</h3><button type="button" class="expand">Open all</button>' +
      '<button type="button" class="collapse">Close all</button></div>' +
      '<div class="wrap" tabindex="0" role="region" aria-label="Layer table"><table>' +
      '<thead><tr><th scope="col">Layer</th><th scope="col" class="class">Class</th>' +
      '<th scope="col">Output shape</th><th scope="col" class="number">Parameters</th>' +
      '<th scope="col" class="number">Multiply-adds</th></tr></thead><tbody></tbody></table></div>';
  }
  state.send = setStateValue;
  const text = JSON.stringify(data);
  if (text === state.text) return; // nothing new: a button that has the focus keeps it
  state.text = text;

  const names = data.sections.map((section) => section.name);
  const open = new Set(data.sections.filter((section) => section.open).map(({ name }) => name));
  const why = new Set(data.sections.flatMap((section) => section.layers)
    .filter((layer) => layer.why).map((layer) => layer.name));

  function send() {
    state.send("view", { template: data.template, known: names, open: [...open], why: [...why] });
  }
  root.querySelector(".expand").onclick = () => { names.forEach((name) => open.add(name)); send(); };
  root.querySelector(".collapse").onclick = () => { open.clear(); send(); };

  function toggle(set, name) {
    set.has(name) ? set.delete(name) : set.add(name);
    state.focus = name; // the button is made anew when the answer comes
    send();
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
    teach.textContent = layer.teaches;
    const list = document.createElement("dl");
    for (const [term, text] of Object.entries(layer.why)) {
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

  function blockRow(layers) {
    const row = document.createElement("tr");
    row.className = "block";
    const sum = (name) => count(layers.reduce((total, layer) => total + layer[name], 0));
    row.append(cell(layers[0].block), cell(""), cell(layers.at(-1).shape),
      cell(sum("params"), "number"), cell(sum("multiply_adds"), "number"));
    return row;
  }

  const body = document.createDocumentFragment();
  for (const section of data.sections) {
    const head = document.createElement("tr");
    head.className = "section" + (section.fault ? " fault" : "");
    const title = document.createElement("td");
    title.append(button(section.name, section.title, section.open, open));
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
    let block = "";
    for (const layer of section.layers) {
      if (layer.block !== block && layer.block) {
        body.append(blockRow(section.layers.filter((other) => other.block === layer.block)));
      }
      block = layer.block;
      const row = document.createElement("tr");
      row.className = "layer" + (layer.fault ? " fault" : "") + (layer.block ? " inside" : "");
      row.dataset.layer = layer.name;
      const name = document.createElement("td");
      const ask = button(layer.name, layer.name, Boolean(layer.why), why);
      ask.title = "Why these numbers?";
      name.append(ask);
      row.append(name, cell(layer.class_name), cell(layer.shape), cell(count(layer.params), "number"),
        cell(count(layer.multiply_adds), "number"));
      body.append(row);
      if (layer.why) body.append(whyRow(layer));
    }
  }
  root.querySelector("tbody").replaceChildren(body);
  if (state.focus) {
    const again = [...root.querySelectorAll("button[data-name]")]
      .find((element) => element.dataset.name === state.focus);
    again?.focus();
    state.focus = null;
  }
}
