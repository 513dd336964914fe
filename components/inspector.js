// What is selected, in words and figures. Names of other places are buttons that select them.
const states = new WeakMap();

/** Milliseconds between two pictures of the same place while its figures change. */
const PACE = 120;

function make(tag, style, text) {
  const element = document.createElement(tag);
  if (style) element.className = style;
  if (text !== undefined) element.textContent = text;
  return element;
}

// What stands below must not jump from selection to selection: the card only grows, until it gets
// another width. With nothing selected it is low.
function keepHeight(card, state, kind) {
  const { width, height } = card.getBoundingClientRect();
  const same = Math.round(width) === state.width;
  if (!same) state.tallest = 0;
  else if (state.kind !== "network") state.tallest = Math.max(state.tallest, Math.ceil(height));
  state.width = Math.round(width);
  state.kind = kind;
  card.style.minHeight = kind === "network" ? "" : `${state.tallest}px`;
}

// Whoever selects in the table below finds the row still under the pointer, however the card grew.
function keepInPlace(card, before) {
  const host = card.getRootNode().host;
  const active = document.activeElement;
  const grown = card.getBoundingClientRect().height - before;
  if (!host || !active || !grown || active === host) return;
  if (!(host.compareDocumentPosition(active) & Node.DOCUMENT_POSITION_FOLLOWING)) return;
  let scroller = host;
  while (scroller && !/auto|scroll/.test(getComputedStyle(scroller).overflowY)) scroller = scroller.parentElement;
  if (scroller) scroller.scrollTop += grown;
}

export default function (component) {
  const { data, parentElement } = component;
  let state = states.get(parentElement);
  if (!state) {
    state = { tallest: 0, width: 0, painted: 0 };
    states.set(parentElement, state);
    parentElement.querySelector(".root").innerHTML =
      '<section class="card" aria-label="Inspector"></section>';
  }
  state.component = component;
  const text = JSON.stringify(data);
  if (text === state.text) return;
  state.text = text;
  clearTimeout(state.waiting);
  // A selection is shown at once; figures that follow a dragged slider leave room for the totals
  // and the drawing, which an eye on the slider looks at.
  const wait = data.key === state.key ? state.painted + PACE - performance.now() : 0;
  if (wait > 0) state.waiting = setTimeout(() => paint(state), wait);
  else paint(state);
}

function paint(state) {
  const { data, parentElement, setTriggerValue } = state.component;
  state.painted = performance.now();
  const root = parentElement.querySelector(".root");
  const card = root.querySelector(".card");
  const other = data.key !== state.key;
  const before = other ? card.getBoundingClientRect().height : 0;
  if (other) keepHeight(card, state, data.kind);
  state.key = data.key;
  const hadFocus = root.contains(root.getRootNode().activeElement);

  function link(key, title, style) {
    const button = make("button", style, title);
    button.type = "button";
    button.dataset.key = key;
    button.onclick = () => setTriggerValue("select", key);
    return button;
  }

  function path() {
    const nav = make("nav", "path");
    nav.setAttribute("aria-label", "Where it stands");
    if (data.kind === "network") {
      nav.append(make("span", "hint", "Nothing selected: the network as a whole"));
      return nav;
    }
    nav.append(link("", "Network", "crumb"));
    for (const step of data.path) {
      nav.append(make("span", "divider", "›"), link(step.key, step.title, "crumb"));
    }
    return nav;
  }

  function heading() {
    const head = make("div", "head");
    const title = make("h3", data.kind === "layer" ? "title code" : "title", data.title);
    title.tabIndex = -1;
    title.setAttribute("aria-live", "polite");
    head.append(title, make("span", "subtitle", data.subtitle), shapes());
    return head;
  }

  function shapes() {
    const line = make("p", "shapes");
    const from = make("span", "shape", data.shape_in);
    const to = make("span", "shape", data.shape_out);
    line.append(from, make("span", "arrow", "→"), to);
    line.setAttribute("aria-label", `From ${data.shape_in} to ${data.shape_out}`);
    if (data.why_shape) line.title = data.why_shape;
    return line;
  }

  function ways() {
    const list = make("dl", "ways");
    for (const way of data.ways) {
      const places = make("dd");
      places.append(...way.links.map(({ key, title }) => link(key, title, "place")));
      list.append(make("dt", "", way.label), places);
    }
    return list;
  }

  function settings() {
    const list = make("dl", "settings");
    for (const { name, value, meaning } of data.settings) {
      const term = make("dt", "code", `${name} = ${value}`);
      list.append(term, make("dd", "", meaning));
    }
    return list;
  }

  function figures() {
    const list = make("div", "figures");
    for (const figure of data.figures) {
      const item = make("div", "figure");
      item.dataset.figure = figure.name;
      const top = make("div", "top");
      const value = make("span", "value", figure.value);
      top.append(make("span", "label", figure.label), value);
      item.append(top);
      if (figure.share_text) {
        const row = make("div", "share");
        const track = make("span", "track");
        const bar = make("span", "bar");
        bar.style.width = `${Math.max(0.6, figure.share * 100)}%`;
        track.append(bar);
        row.append(track, make("span", "percent", `${figure.share_text} of the network`));
        item.append(row);
      }
      item.append(make("p", "detail", figure.detail));
      list.append(item);
    }
    return list;
  }

  function code() {
    const row = make("div", "line");
    const source = make("code", "", data.code);
    source.tabIndex = 0;
    source.setAttribute("aria-label", "The layer in Keras");
    row.append(source, copyButton(() => data.code));
    return row;
  }

  const left = make("div", "left");
  left.append(path(), heading());
  if (data.fault) left.append(make("p", "fault", data.fault)); // the totals announce it
  left.append(make("p", "teach", data.does));
  if (data.why && data.why !== data.fault) left.append(make("p", "teach why", data.why));
  left.append(ways());
  if (data.settings.length) left.append(settings());
  const columns = make("div", "columns");
  columns.append(left, figures());
  card.className = `card ${data.kind} role-${data.role || "none"}${data.fault ? " at-fault" : ""}`;
  card.style.setProperty("--step", data.step);
  card.replaceChildren(columns, ...(data.code ? [code()] : []));
  if (other) keepInPlace(card, before);
  if (hadFocus) card.querySelector(".title").focus({ preventScroll: true });
}
