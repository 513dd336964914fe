// The drawing that the server laid out: shown, zoomed, panned, pointed at. What is opened and
// closed goes to the server, which draws anew; what is selected is marked here at once.
const states = new WeakMap();
const DEPTHS = [["groups", "Groups"], ["blocks", "Blocks"], ["layers", "Layers"]];
const SMALLEST_TEXT = 0.82; // below this scale captions could not be read: the drawing is panned
const LEAST_WHOLE = 0.34; // a very wide drawing made smaller than this would be a thin strip
const LARGEST_HOME = 1.4;
const LARGEST_STILL = 1.05; // several of them stand one below the other
const NAMES_FROM = 0.5; // below this scale the names of layers are specks, and are left out
const TALLEST = 520;
const clamp = (value, low, high) => Math.min(Math.max(value, low), Math.max(low, high));

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  let state = states.get(root);
  if (!state) {
    state = mount(root, data);
    states.set(root, state);
  }
  state.send = setStateValue;
  state.trigger = setTriggerValue;
  state.update(data);
}

function mount(root, first) {
  const state = {
    sequence: first.sequence ?? 0, mode: "home", k: 1, x: 0, y: 0, selected: "", pictures: new Set(),
  };
  root.innerHTML = first.still ? '<div class="view"><div class="sheet"></div></div>' :
    '<div class="tools" role="toolbar" aria-label="Drawing">' +
    `<div class="depths" role="group" aria-label="Depth">${DEPTHS.map(([name, title]) =>
      `<button type="button" data-depth="${name}">${title}</button>`).join("")}</div>` +
    '<span class="space"></span>' +
    '<div class="zoom" role="group" aria-label="Zoom"><button type="button" data-zoom="out" aria-label="Zoom out">−</button>' +
    '<button type="button" data-zoom="fit">Fit</button>' +
    '<button type="button" data-zoom="in" aria-label="Zoom in">+</button></div>' +
    '<div class="files" role="group" aria-label="Save the drawing"><button type="button" data-file="svg" title="Save as SVG">SVG</button>' +
    '<button type="button" data-file="png" title="Save as PNG">PNG</button></div></div>' +
    '<p class="spoken" id="words"></p>' +
    '<div class="view" role="tree" tabindex="0" aria-describedby="words"><div class="sheet" role="none"></div></div>' +
    '<div class="tip" hidden aria-hidden="true"></div><p class="legend"></p>';
  const view = root.querySelector(".view");
  const largest = first.still ? LARGEST_STILL : LARGEST_HOME;
  const sheet = root.querySelector(".sheet");
  const tip = root.querySelector(".tip");

  // --- zoom and pan: a transform of the sheet, nothing else ---------------------------------
  let settling = 0;
  function moved(busy) {
    const width = state.width * state.k, height = state.height * state.k;
    const w = view.clientWidth, h = view.clientHeight;
    if (first.still) { // scrolled by the browser itself, where it is too wide
      if (width > w + 1) view.tabIndex = 0;
      else view.removeAttribute("tabindex");
      sheet.style.transform = `scale(${state.k})`;
      return;
    }
    state.x = width <= w ? (w - width) / 2 : clamp(state.x, w - width, 0);
    state.y = height <= h ? (h - height) / 2 : clamp(state.y, h - height, 0);
    sheet.style.transform = `translate(${state.x}px,${state.y}px) scale(${state.k})`;
    if (!busy) return settle();
    if (!settling) sheet.style.willChange = "transform"; // a layer of its own while it moves
    clearTimeout(settling);
    settling = setTimeout(settle, 180);
  }
  function settle() {
    clearTimeout(settling);
    settling = 0;
    sheet.style.willChange = "";
    sheet.classList.toggle("far", state.k < NAMES_FROM);
    for (const caption of sheet.querySelectorAll(".wide")) { // captions stay where one looks
      const { x, width } = caption.dataset;
      const shift = clamp(-state.x / state.k - Number(x), 0, Number(width) - 190);
      caption.setAttribute("transform", `translate(${shift})`);
    }
  }
  function home() {
    const w = view.clientWidth;
    if (!w || !state.width) return;
    const whole = w / state.width;
    state.k = state.mode === "whole" ? clamp(whole, Math.min(LEAST_WHOLE, TALLEST / state.height), largest)
      : clamp(whole, Math.min(SMALLEST_TEXT, TALLEST / state.height), largest);
  }
  function resize() {
    if (!state.width || !view.clientWidth) return;
    if (state.mode !== "free") {
      // The view is as high as the drawing at its readable scale, so that Fit moves nothing else.
      const readable = clamp(view.clientWidth / state.width, Math.min(SMALLEST_TEXT, TALLEST / state.height), largest);
      const bar = first.still && state.width * readable > view.clientWidth + 1 ? 12 : 0;
      view.style.height = `${Math.round(Math.min(state.height * readable, TALLEST)) + bar}px`;
      home();
    }
    moved(false);
  }
  function zoom(factor, clientX, clientY, busy) {
    const box = view.getBoundingClientRect();
    const px = (clientX ?? box.left + box.width / 2) - box.left - view.clientLeft;
    const py = (clientY ?? box.top + box.height / 2) - box.top - view.clientTop;
    const least = Math.min(view.clientWidth / state.width, view.clientHeight / state.height, 1) * 0.9;
    const k = clamp(state.k * factor, least, 5);
    state.x = px - (px - state.x) * (k / state.k);
    state.y = py - (py - state.y) * (k / state.k);
    state.k = k;
    state.mode = "free";
    moved(busy);
  }
  new ResizeObserver(resize).observe(view);

  state.update = (data) => {
    if (data.still) {
      view.setAttribute("role", "img");
      view.setAttribute("aria-label", data.label);
      view.classList.add("still");
    }
    if (data.depth && !data.still) tools(data);
    if (typeof data.svg !== "string") return; // a large drawing, and a control is being dragged
    const fresh = data.svg !== state.painted;
    const jumps = state.shown && (state.shown !== `${data.template} ${data.depth}`);
    state.shown = `${data.template} ${data.depth}`;
    if (fresh) {
      sheet.innerHTML = data.svg;
      state.painted = data.svg;
      state.items = [...sheet.querySelectorAll('[role="treeitem"]')];
      if (data.still) { // one picture with one name: its parts have no names of their own
        for (const item of state.items) {
          for (const { name } of [...item.attributes]) {
            if (name === "role" || name.startsWith("aria-")) item.removeAttribute(name);
          }
        }
      }
      state.byKey = new Map(state.items.map((item) => [item.dataset.key, item]));
    }
    if (state.width !== data.width || state.height !== data.height || jumps) {
      state.width = data.width;
      state.height = data.height;
      sheet.style.width = `${data.width}px`;
      sheet.style.height = `${data.height}px`;
      if (jumps) [state.mode, state.x, state.y] = ["home", 0, 0];
      resize();
    } else if (fresh) settle();
    if (data.still) return;
    if (view.getAttribute("aria-label") !== data.label) view.setAttribute("aria-label", data.label);
    root.querySelector("#words").textContent = data.description;
    root.querySelector(".legend").textContent = data.note || data.legend;
    const theirs = data.sequence >= state.sequence ? data.selected : state.selected;
    if (state.into && state.byKey.get(state.into)?.getAttribute("aria-expanded") === "true") {
      const child = state.items.find((item) => item.dataset.parent === state.into);
      state.into = "";
      if (child) return select(child.dataset.key);
    }
    const elsewhere = theirs !== state.selected;
    mark(theirs);
    if ((elsewhere || jumps) && theirs) reveal(theirs);
    if (data.picture && !state.pictures.has(data.picture.number)) {
      state.pictures.add(data.picture.number);
      save(data.picture);
    }
  };

  // --- depth, opening and closing -----------------------------------------------------------
  function tools(data) {
    state.asked = { template: data.template, depth: data.depth, opened: data.opened, closed: data.closed };
    for (const button of root.querySelectorAll("[data-depth]")) {
      button.setAttribute("aria-pressed", button.dataset.depth === data.depth);
    }
  }
  function ask(change) {
    state.asked = { ...state.asked, ...change };
    state.send("view", state.asked);
  }
  function toggle(item) {
    const expanded = item?.getAttribute("aria-expanded");
    if (!expanded) return false;
    const key = item.classList.contains("ellipsis") ? item.dataset.parent : item.dataset.key;
    const opened = new Set(state.asked.opened), closed = new Set(state.asked.closed);
    if (expanded === "true") {
      opened.delete(key);
      closed.add(key);
      if (item.dataset.key !== state.selected) select(key);
    } else {
      opened.add(key);
      closed.delete(key);
    }
    ask({ opened: [...opened], closed: [...closed] });
    return true;
  }

  // --- the selection --------------------------------------------------------------------------
  function mark(key) {
    state.selected = key || "";
    sheet.querySelector(".halo")?.remove();
    const before = sheet.querySelector('[aria-selected="true"]');
    const item = key ? state.byKey.get(key) : null;
    if (before && before !== item) {
      before.setAttribute("aria-selected", "false");
      before.removeAttribute("id");
    }
    if (!item) return view.removeAttribute("aria-activedescendant");
    item.setAttribute("aria-selected", "true");
    item.id = "active";
    view.setAttribute("aria-activedescendant", "active");
    const frame = item.getAttribute("aria-expanded") === "true" && item.querySelector(".hit");
    const box = (frame || item).getBBox(), out = frame ? 0 : 5;
    const halo = document.createElementNS("http://www.w3.org/2000/svg", "g");
    halo.setAttribute("class", "halo");
    halo.setAttribute("aria-hidden", "true");
    const place = `x="${box.x - out}" y="${box.y - out}" width="${box.width + 2 * out}" height="${box.height + 2 * out}" rx="8"`;
    halo.innerHTML = `<rect class="outer" ${place}/><rect class="inner" ${place}/>`;
    sheet.firstElementChild.append(halo);
  }
  let waiting = 0;
  function select(key, later) {
    mark(key);
    clearTimeout(waiting);
    state.sequence += 1; // what the server says of an earlier selection no longer counts
    const event = { key: key || null, sequence: state.sequence };
    waiting = setTimeout(() => state.trigger("select", event), later ? 90 : 0);
    if (key) reveal(key);
  }
  function reveal(key) {
    const item = state.byKey.get(key);
    if (!item || !view.clientWidth) return;
    const box = item.getBBox(), w = view.clientWidth, h = view.clientHeight;
    const near = (start, size, offset, room) => {
      const from = start * state.k + offset, length = size * state.k;
      if (length > room - 24) return from > room - 80 || from + length < 80 ? offset - from + 12 : offset;
      if (from < 12) return offset - from + 40;
      return from + length > room - 12 ? offset - (from + length - room + 40) : offset;
    };
    state.x = near(box.x, box.width, state.x, w);
    state.y = near(box.y, box.height, state.y, h);
    moved(false);
  }

  // --- keyboard -------------------------------------------------------------------------------
  function step(event) {
    const items = state.items, now = state.byKey.get(state.selected);
    const open = now?.getAttribute("aria-expanded") === "true" && !now.classList.contains("box");
    const row = items.filter((item) => open
      ? item.getAttribute("aria-level") === now.getAttribute("aria-level")
      : item.classList.contains("box"));
    const at = row.indexOf(now);
    const go = (item) => item && select(item.dataset.key, true);
    switch (event.key) {
      case "ArrowRight": go(at < 0 ? row[0] : row[Math.min(at + 1, row.length - 1)]); break;
      case "ArrowLeft": go(at < 0 ? row.at(-1) : row[Math.max(at - 1, 0)]); break;
      case "ArrowDown":
        if (!now) go(items[0]);
        else if (open) go(items.find((item) => item.dataset.parent === now.dataset.key));
        else if (now.getAttribute("aria-expanded") === "false") {
          state.into = now.classList.contains("ellipsis") ? now.dataset.parent : now.dataset.key;
          toggle(now);
        }
        break;
      case "ArrowUp": if (now) go(state.byKey.get(now.dataset.parent)); break;
      case "Home": go(row[0]); break;
      case "End": go(row.at(-1)); break;
      case "Enter": case " ": if (now) toggle(now); else return; break;
      case "Escape": if (state.selected) select(""); else return; break;
      case "+": case "=": zoom(1.3); break;
      case "-": zoom(1 / 1.3); break;
      case "0": fit(); break;
      default: return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
  function fit() {
    state.mode = state.mode === "home" && state.k * state.width > view.clientWidth + 1 ? "whole" : "home";
    state.x = state.y = 0;
    resize();
    if (state.mode === "home" && state.selected) reveal(state.selected);
  }

  // --- pictures -------------------------------------------------------------------------------
  async function save({ kind, name, svg }) {
    const text = new Blob([svg], { type: "image/svg+xml" });
    if (kind === "svg") return download(text, `${name}.svg`);
    const address = URL.createObjectURL(text);
    try {
      const image = new Image();
      image.src = address;
      await image.decode();
      const { naturalWidth: width, naturalHeight: height } = image;
      // Browsers refuse a canvas beyond these sizes.
      const scale = Math.min(3, 16000 / width, Math.sqrt(100e6 / (width * height)));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      download(await new Promise((done) => canvas.toBlob(done, "image/png")), `${name}.png`);
    } finally {
      URL.revokeObjectURL(address);
    }
  }
  function download(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  if (first.still) return state;

  // --- pointer --------------------------------------------------------------------------------
  const pointers = new Map();
  let dragged = false, reach = 0;
  const itemAt = (event) => event.target.closest?.("[data-key], [data-of]");
  view.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    pointers.set(event.pointerId, event);
    if (pointers.size === 1) dragged = false;
    reach = 0;
  });
  view.addEventListener("pointermove", (event) => {
    const last = pointers.get(event.pointerId);
    if (!last) return point(event);
    const dx = event.clientX - last.clientX, dy = event.clientY - last.clientY;
    if (!dragged && Math.hypot(dx, dy) < 4) return;
    if (!dragged) view.setPointerCapture(event.pointerId);
    dragged = true;
    tip.hidden = true;
    pointers.set(event.pointerId, event);
    const [one, other] = [...pointers.values()];
    if (other) {
      const now = Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
      if (reach) zoom(now / reach, (one.clientX + other.clientX) / 2, (one.clientY + other.clientY) / 2, true);
      reach = now;
      return;
    }
    state.x += dx;
    state.y += dy;
    moved(true);
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
    view.addEventListener(end, (event) => {
      // A finger is captured by what it touched first; that this passes to the view ends nothing.
      if (end === "lostpointercapture" && event.target !== view) return;
      pointers.delete(event.pointerId);
      reach = 0;
    });
  }
  view.addEventListener("pointerleave", () => { tip.hidden = true; });
  view.addEventListener("click", (event) => {
    if (dragged) { dragged = false; return; }
    const item = itemAt(event);
    if (!item) return;
    if (item.classList.contains("ellipsis")) return toggle(item);
    select(item.dataset.key ?? item.dataset.of);
  });
  view.addEventListener("dblclick", (event) => {
    const item = itemAt(event);
    if (item && !item.classList.contains("ellipsis")) toggle(item.dataset.key ? item : state.byKey.get(item.dataset.of));
  });
  view.addEventListener("wheel", (event) => {
    if (event.ctrlKey || event.metaKey) {
      zoom(Math.exp(-clamp(event.deltaY, -60, 60) / 220), event.clientX, event.clientY, true);
    } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      if (state.width * state.k <= view.clientWidth) return;
      state.x -= event.deltaX || event.deltaY;
      moved(true);
    } else return; // the page scrolls
    event.preventDefault();
  }, { passive: false });
  function point(event) {
    const label = event.pointerType === "mouse" && event.target.closest?.(".box")?.getAttribute("aria-label");
    tip.hidden = !label;
    if (!label) return;
    if (tip.textContent !== label) tip.textContent = label;
    const box = root.getBoundingClientRect();
    tip.style.left = `${clamp(event.clientX - box.left + 12, 0, box.width - tip.offsetWidth - 4)}px`;
    tip.style.top = `${event.clientY - box.top + 18}px`;
  }

  view.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) step(event);
  });
  root.querySelector(".tools").addEventListener("click", (event) => {
    const { depth, zoom: way, file } = event.target.dataset;
    if (depth) ask({ depth, opened: [], closed: [] });
    if (way === "fit") fit();
    else if (way) zoom(way === "in" ? 1.3 : 1 / 1.3);
    if (file) state.trigger("picture", { kind: file, number: `${Date.now()} ${Math.random()}` });
  });
  return state;
}
