// The training curves of one run, or of several over one another. This part of the page keeps what
// it has been sent, so that each look brings only new points, and nothing is drawn anew but lines.
const views = new WeakMap();
const kept = new Map(); // the views by the places in the page they are for, the newest last
const MOST_VIEWS = 3;
const KEPT = "model-designer.curves";
const PATIENCE = 4000; // milliseconds after which an answer is taken to be lost
const MOST_KEPT = 20_000; // points of one kind, above which they are asked for anew, thinned
const TONES = 8;
const ROWS = 200;
const KINDS = {
  batch: "within the epoch", train: "training", validation: "validation",
};
const SIGNS = {
  paused: ["‖", ""], recovered: ["↻", "taken up again"], changed: ["Δ", ""],
  learning_rate: ["η", ""], early_stop: ["■", "early stop"], stopped: ["■", "stopped"],
  failed: ["✕", "failed"],
};

/** The points of one run. */
class Track {
  constructor() { this.forget(); }

  forget() {
    this.generation = "";
    this.have = [0, 0];
    this.batch = { step: [], epoch: [], seconds: [], values: {} };
    this.epoch = { step: [], epoch: [], seconds: [], values: {} };
    this.detail = null;
  }

  /** Take what came; false if something is missing before it. */
  take(message) {
    this.about = message;
    if (message.after[0] === 0 && message.after[1] === 0) {
      const same = message.generation === this.generation && String(message.upto) === String(this.have);
      if (!same) this.forget();
      else if (message.upto[0] || message.upto[1]) return true;
    } else if (message.generation !== this.generation) return false;
    else if (String(message.after) !== String(this.have))
      return message.upto[0] <= this.have[0] && message.upto[1] <= this.have[1];
    this.generation = message.generation;
    for (const kind of ["batch", "epoch"]) this.append(this[kind], message[kind]);
    this.have = message.upto;
    return true;
  }

  append(columns, more) {
    const before = columns.step.length, count = more.step.length;
    if (!count) return;
    for (const name of ["step", "epoch", "seconds"])
      for (const number of more[name]) columns[name].push(number);
    for (const name of Object.keys(more.values)) columns.values[name] ||= Array(before).fill(null);
    for (const [name, figures] of Object.entries(columns.values)) {
      const found = more.values[name];
      for (let place = 0; place < count; place += 1) figures.push(found ? found[place] : null);
    }
  }

  get isThinned() { return this.batch.step.length < this.have[0]; }
}

class Curves {
  constructor(root) {
    this.root = root;
    this.born = performance.now();
    this.tracks = new Map();
    this.charts = new Map();
    this.hidden = new Set();
    this.zoomed = null;
    this.pointed = null;
    this.number = 0;
    this.file = 0;
    const kept = this.recall();
    this.axis = kept.axis in AXES ? kept.axis : "epochs";
    this.smoothing = Number.isFinite(kept.smoothing) ? Math.min(0.99, Math.max(0, kept.smoothing)) : 0;
    this.log = kept.log === true;
    this.build();
    new ResizeObserver(() => this.later()).observe(root);
    this.seen = () => { if (!document.hidden) this.tick(); };
    document.addEventListener("visibilitychange", this.seen);
  }

  recall() {
    try { return JSON.parse(sessionStorage.getItem(KEPT)) || {}; } catch { return {}; }
  }

  remember() {
    const { axis, smoothing, log } = this;
    try { sessionStorage.setItem(KEPT, JSON.stringify({ axis, smoothing, log })); } catch { /* a browser that keeps nothing */ }
  }

  build() {
    const button = (text, title, act) => {
      const made = make("button", "", text);
      made.type = "button";
      made.title = title;
      made.setAttribute("aria-label", title);
      made.onclick = act;
      return made;
    };
    const group = (name, style, ...parts) => {
      const made = make("div", style);
      made.setAttribute("role", "group");
      made.setAttribute("aria-label", name);
      made.append(...parts);
      return made;
    };
    this.axes = Object.keys(AXES).map((axis) => {
      const made = button(axis[0].toUpperCase() + axis.slice(1), `Against ${axis}`, () => this.setAxis(axis));
      made.dataset.axis = axis;
      return made;
    });
    const smooth = make("label", "smooth", "Smoothing");
    this.slider = make("input");
    Object.assign(this.slider, { type: "range", min: 0, max: 0.99, step: 0.01, value: this.smoothing });
    this.slider.setAttribute("aria-label", "Smoothing");
    this.output = make("output");
    smooth.append(this.slider, this.output);
    this.slider.oninput = () => {
      this.smoothing = Number(this.slider.value);
      this.remember();
      this.later();
    };
    const log = make("label", "log");
    this.box = make("input");
    this.box.type = "checkbox";
    this.box.checked = this.log;
    log.title = "Losses and errors on a logarithmic scale; shares stay as they are";
    log.append(this.box, "Log scale");
    this.box.onchange = () => {
      this.log = this.box.checked;
      this.remember();
      this.later();
    };
    this.choice = make("label", "choice", "Metric");
    this.select = make("select");
    this.select.setAttribute("aria-label", "Metric");
    this.choice.append(this.select);
    this.select.onchange = () => { this.metric = this.select.value; this.later(); };
    this.all = button("Show all", "Show the whole run", () => this.zoom(null));
    const toolbar = make("div", "toolbar");
    toolbar.append(
      group("What the curves are drawn against", "joined", ...this.axes), this.choice, smooth, log,
      group("Zoom", "joined", button("−", "Zoom out", () => this.magnify(1 / 0.7)),
        button("+", "Zoom in", () => this.magnify(0.7)), this.all),
      group("Save", "joined", button("CSV", "Save all points as CSV", () => this.trigger("save", Date.now())),
        button("PNG", "Save the charts as PNG", () => this.picture("png")),
        button("SVG", "Save the charts as SVG", () => this.picture("svg"))));
    this.legend = make("div", "legend");
    this.legend.setAttribute("role", "group");
    this.legend.setAttribute("aria-label", "Lines; press to hide or show");
    this.grid = make("div", "charts");
    this.hint = make("p", "hint", "Drag across a chart to zoom, Shift and drag to move, double-click to show all.");
    this.empty = make("p", "empty", "The first points appear here.");
    this.said = make("div", "said");
    this.said.setAttribute("aria-live", "polite");
    this.table = make("details", "numbers");
    this.table.append(make("summary", "", "The numbers as a table"), this.body = make("div", "wrap"));
    this.body.tabIndex = 0;
    this.body.setAttribute("role", "region");
    this.body.setAttribute("aria-label", "The numbers of every epoch");
    this.table.ontoggle = () => this.fill();
    this.root.append(toolbar, this.legend, this.empty, this.grid, this.hint, this.said, this.table);
  }

  update({ data, setTriggerValue }) {
    this.trigger = setTriggerValue;
    this.titles = data.titles;
    this.live = data.live;
    this.overlaid = data.runs.some(({ label }) => label);
    if (this.metric === undefined) this.metric = data.metric;
    let missing = false;
    const before = new Map(this.tracks);
    this.tracks.clear();
    for (const message of data.runs) {
      const track = before.get(message.id) || new Track();
      if (!track.take(message)) missing = true;
      if (message.detail) track.detail = message.detail;
      if (track.batch.step.length > MOST_KEPT || track.epoch.step.length > MOST_KEPT) track.forget();
      this.tracks.set(message.id, track);
    }
    if (data.file && data.file.number > this.file) {
      this.file = data.file.number;
      saveAs(data.file.name, new Blob([data.file.text], { type: "text/csv" }));
    }
    if (data.answer === this.number) this.asked = 0;
    clearInterval(this.timer);
    if (this.live) this.timer = setInterval(() => this.tick(), data.every);
    if (missing && !this.asked) this.ask();
    // A look that brought nothing new costs the page nothing.
    const state = JSON.stringify([data.titles, data.runs.map((message) => [
      message.id, message.label, message.generation, message.upto, message.over, message.epochs, message.bestEpoch,
      message.stepsPerEpoch, message.events.length, message.detail?.window,
    ])]);
    if (state !== this.state) this.later();
    this.state = state;
  }

  leave() {
    clearInterval(this.timer);
    document.removeEventListener("visibilitychange", this.seen);
  }

  comeBack() {
    this.born = performance.now();
    this.asked = 0; // what was asked before has been answered to a place that is gone
    document.addEventListener("visibilitychange", this.seen);
  }

  tick() {
    if (!this.live || document.hidden) return;
    if (this.asked && performance.now() - this.asked < PATIENCE) return;
    this.ask();
  }

  ask() {
    this.asked = performance.now();
    this.number += 1;
    inTurn(() => {
      if (!this.root.isConnected || isGoing(this.born)) {
        this.asked = 0;
        return;
      }
      const have = {};
      for (const [id, track] of this.tracks) have[id] = [track.generation, ...track.have];
      this.trigger("ask", { number: this.number, have, window: this.lacking() });
    });
  }

  /** The steps in sight, if they were thinned and have not come one by one yet. */
  lacking() {
    if (!this.zoomed) return null;
    const [first, last] = this.zoomed.map((x) => this.toSteps(x));
    const wanted = [...this.tracks.values()].some((track) => track.isThinned && !this.covers(track, first, last));
    return wanted ? [first, last] : null;
  }

  covers(track, first, last) {
    return track.detail && track.detail.window[0] <= first + 0.5 && track.detail.window[1] >= last - 0.5;
  }

  // What is in sight

  runs() { return [...this.tracks.values()].filter(({ about }) => about); }

  /** Places on the axis of the points of some columns. */
  xs(track, columns) {
    if (this.axis === "seconds") return columns.seconds;
    const each = track.about.stepsPerEpoch;
    return this.axis === "steps" || !each ? columns.step : columns.step.map((step) => step / each);
  }

  toSteps(x) {
    const [track] = this.runs();
    if (!track || this.axis === "steps") return x;
    if (this.axis === "epochs") return x * (track.about.stepsPerEpoch || 1);
    const place = nearestPlace(track.batch.seconds, x);
    return place < 0 ? 0 : track.batch.step[place];
  }

  fromSteps(step, track) {
    if (this.axis === "steps") return step;
    if (this.axis === "epochs") return step / (track.about.stepsPerEpoch || 1);
    const columns = track.batch.step.length ? track.batch : track.epoch;
    const place = nearestPlace(columns.step, step);
    return place < 0 ? 0 : columns.seconds[place];
  }

  whole() {
    let last = 0;
    for (const track of this.runs()) {
      const { about } = track;
      for (const columns of [track.batch, track.epoch]) {
        const xs = this.axis === "seconds" ? columns.seconds : columns.step;
        if (xs.length) last = Math.max(last, this.axis === "epochs" && about.stepsPerEpoch
          ? xs[xs.length - 1] / about.stepsPerEpoch : xs[xs.length - 1]);
      }
      // A run under way has room for what is to come, as long as it is not a dot in a corner.
      const all = this.axis === "epochs" ? about.epochs
        : this.axis === "steps" ? about.epochs * about.stepsPerEpoch : 0;
      if (!about.over && last && all > last && all < last * 20) last = all;
    }
    return [0, last || 1];
  }

  domain() {
    if (!this.zoomed) return this.whole();
    return this.zoomed;
  }

  zoom(ends) {
    if (ends) {
      const [low, high] = this.whole();
      const least = (high - low) / 1e5;
      let [first, last] = ends;
      const span = Math.min(high - low, Math.max(least, last - first));
      first = Math.min(Math.max(low, first), high - span);
      ends = span >= (high - low) * 0.999 ? null : [first, first + span];
    }
    this.zoomed = ends;
    this.later();
    clearTimeout(this.closer);
    this.closer = setTimeout(() => { if (this.lacking() && !this.asked) this.ask(); }, 200);
  }

  magnify(factor, about) {
    const [first, last] = this.domain();
    const middle = about ?? this.pointed ?? (first + last) / 2;
    this.zoom([middle - (middle - first) * factor, middle + (last - middle) * factor]);
  }

  pan(part) {
    const [first, last] = this.domain();
    const shift = part * (last - first);
    this.zoom([first + shift, last + shift]);
  }

  setAxis(axis) {
    const [track] = this.runs();
    const steps = this.zoomed && track ? this.zoomed.map((x) => this.toSteps(x)) : null;
    this.axis = axis;
    this.zoomed = steps && steps.map((step) => this.fromSteps(step, track));
    if (this.zoomed && this.zoomed[0] >= this.zoomed[1]) this.zoomed = null;
    this.pointed = null;
    this.remember();
    this.later();
  }

  // Lines and marks

  tone(place) { return `var(--tone-${place % TONES})`; }

  kinds() {
    return this.overlaid ? ["validation", "train", "batch"] : ["batch", "train", "validation"];
  }

  isHidden(name) {
    // Over one another, the lines within epochs would hide the rest.
    return this.hidden.has(name) !== (this.overlaid && name === "batch");
  }

  linesOf(metric) {
    const lines = [];
    this.runs().forEach((track, place) => {
      if (this.overlaid && this.isHidden(`run ${track.about.id}`)) return;
      for (const kind of ["batch", "train", "validation"]) {
        if (this.isHidden(kind)) continue;
        let columns = kind === "batch" ? track.batch : track.epoch;
        if (kind === "batch" && this.zoomed && track.isThinned) columns = this.close(track);
        if (kind === "batch") columns = bridged(columns, track.epoch);
        const raw = columns.values[kind === "validation" ? `val_${metric}` : metric];
        if (!raw || !raw.some((figure) => figure !== null)) continue;
        const ys = smoothed(raw, this.smoothing);
        const colour = this.overlaid ? this.tone(place) : `var(--line-${kind})`;
        const dash = !this.overlaid ? "" : kind === "train" ? "7 5" : place >= TONES ? "2 4" : "";
        const name = this.overlaid ? `${track.about.label}, ${KINDS[kind]}` : KINDS[kind];
        lines.push({
          key: `${kind} ${track.about.id}`, kind, name, colour, dash, xs: this.xs(track, columns), ys,
          raw: this.smoothing ? raw : null, dots: kind !== "batch",
        });
      }
    });
    return lines;
  }

  /** The points in sight one by one, and what has come since. */
  close(track) {
    const [first, last] = this.zoomed.map((x) => this.toSteps(x));
    if (!this.covers(track, first, last)) return track.batch;
    const near = track.detail.batch;
    const from = near.step.length ? near.step[near.step.length - 1] : -1;
    const rest = track.batch.step.findIndex((step) => step > from);
    if (rest < 0) return near;
    const joined = { values: {} };
    for (const name of ["step", "epoch", "seconds"]) joined[name] = near[name].concat(track.batch[name].slice(rest));
    for (const name of Object.keys(track.batch.values)) {
      const old = near.values[name] || Array(near.step.length).fill(null);
      joined.values[name] = old.concat(track.batch.values[name].slice(rest));
    }
    return joined;
  }

  marks() {
    if (this.overlaid) return [];
    if (this.kept?.revision === this.revision) return this.kept.marks;
    const marks = [];
    for (const track of this.runs()) {
      for (const event of track.about.events) {
        const [sign, short] = SIGNS[event.kind] || ["•", ""];
        marks.push({
          x: this.fromSteps(event.step, track), kind: event.kind, sign, short: short || event.words, words: event.words,
        });
      }
      if (track.about.bestEpoch) {
        const words = `Best epoch so far by ${track.about.monitor}: ${track.about.bestEpoch}`;
        marks.push({
          x: this.fromSteps(track.about.bestEpoch * track.about.stepsPerEpoch, track), kind: "best",
          sign: "★", short: `best: epoch ${track.about.bestEpoch}`,
          words: track.about.over ? words.replace(" so far", "") : words,
        });
      }
    }
    marks.sort((a, b) => a.x - b.x);
    this.kept = { revision: this.revision, marks };
    return marks;
  }

  /** The best epoch, on the line it was judged by. */
  stars(metric) {
    const stars = [];
    this.runs().forEach((track, place) => {
      const { bestEpoch, monitor, stepsPerEpoch, id, label } = track.about;
      if (!bestEpoch || monitor.replace(/^val_/, "") !== metric) return;
      const kind = monitor.startsWith("val_") ? "validation" : "train";
      if (this.isHidden(kind) || (this.overlaid && this.isHidden(`run ${id}`))) return;
      const found = nearestPlace(track.epoch.step, bestEpoch * stepsPerEpoch);
      const y = found < 0 ? null : smoothed(track.epoch.values[monitor] || [], this.smoothing)[found];
      if (y === null || y === undefined) return;
      stars.push({
        x: this.xs(track, track.epoch)[found], y, words: `${label} best epoch ${bestEpoch}`.trim(),
        colour: this.overlaid ? this.tone(place) : `var(--line-${kind})`,
      });
    });
    return stars;
  }

  writeX(x) {
    if (this.axis === "seconds") return `${x.toFixed(1)} s`;
    if (this.axis === "steps") return `step ${Math.round(x).toLocaleString("en-US")}`;
    return `epoch ${writeNumber(x, 4)}`;
  }

  point(x, chart) {
    if (this.pointed === x) return;
    this.pointed = x;
    this.pointedChart = chart;
    cancelAnimationFrame(this.pointing);
    this.pointing = requestAnimationFrame(() => { for (const one of this.charts.values()) if (one.shown) one.drawCursor(); });
  }

  /** The next point with a figure, read aloud. */
  stepTo(chart, direction) {
    const line = chart.shown.find(({ kind }) => kind !== "batch") || chart.shown[0];
    if (!line || !line.xs.length) return;
    const [from, to] = line.range;
    let place = this.pointed === null ? (direction > 0 ? from - 1 : to) : nearestPlace(line.xs, this.pointed);
    place = Math.min(to - 1, Math.max(from, place + direction));
    this.pointed = line.xs[place];
    this.pointedChart = chart;
    for (const one of this.charts.values()) one.drawCursor();
    this.said.textContent = `${this.writeX(this.pointed)}: ${(chart.words || []).join(", ")}`;
  }

  // Drawing

  later() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.paint());
  }

  paint() {
    if (!this.titles || !this.root.clientWidth) return;
    this.revision = (this.revision || 0) + 1;
    const names = Object.keys(this.titles);
    this.paintTools(names);
    const shown = this.metric && names.includes(this.metric) ? [this.metric] : names;
    for (const [name, chart] of this.charts)
      if (!shown.includes(name)) {
        chart.element.remove();
        this.charts.delete(name);
      }
    this.empty.hidden = names.length > 0;
    this.hint.hidden = this.table.hidden = names.length === 0;
    const wide = this.root.clientWidth > 760 && shown.length > 1;
    this.grid.classList.toggle("wide", wide);
    shown.forEach((name, place) => {
      if (!this.charts.has(name)) this.charts.set(name, new Chart(this, name));
      const { element } = this.charts.get(name);
      if (this.grid.children[place] !== element) this.grid.insertBefore(element, this.grid.children[place] || null);
    });
    const height = shown.length === 1 ? (this.root.clientWidth < 560 ? 290 : 400) : 290;
    for (const name of shown) this.charts.get(name).draw(height);
    if (this.table.open) this.fill();
  }

  paintTools(names) {
    for (const button of this.axes) button.setAttribute("aria-pressed", button.dataset.axis === this.axis);
    this.output.textContent = this.smoothing ? this.smoothing.toFixed(2) : "none";
    this.all.disabled = !this.zoomed;
    this.choice.hidden = names.length < 3 && !this.overlaid;
    const options = ["", ...names].join("|");
    if (this.select.dataset.options !== options) {
      this.select.dataset.options = options;
      this.select.replaceChildren(...["", ...names].map((name) => new Option(name ? this.titles[name] : "All", name)));
      if (!names.includes(this.metric)) this.metric = "";
    }
    if (this.select.value !== this.metric) this.select.value = this.metric;
    this.paintLegend();
  }

  entries() {
    const kinds = this.kinds().map((kind) => ({ key: kind, name: KINDS[kind], kind,
      colour: this.overlaid ? "var(--muted)" : `var(--line-${kind})` }));
    if (!this.overlaid) return kinds;
    const runs = this.runs().map((track, place) => ({
      key: `run ${track.about.id}`, name: track.about.label, kind: "run", colour: this.tone(place),
    }));
    return [...runs, ...kinds];
  }

  paintLegend() {
    const entries = this.entries();
    entries.forEach((entry, place) => {
      let button = this.legend.children[place];
      if (!button) {
        button = make("button", "entry");
        button.type = "button";
        button.append(make("span", "swatch"), make("span", "name"));
        button.onclick = () => {
          const { key } = button.dataset;
          this.hidden.has(key) ? this.hidden.delete(key) : this.hidden.add(key);
          this.later();
        };
        this.legend.append(button);
      }
      button.dataset.key = entry.key;
      button.className = `entry ${entry.kind} ${this.overlaid ? "overlaid" : ""}`;
      button.setAttribute("aria-pressed", !this.isHidden(entry.key));
      button.title = this.isHidden(entry.key) ? `Show ${entry.name}` : `Hide ${entry.name}`;
      button.firstChild.style.background = entry.colour;
      button.lastChild.textContent = entry.name;
    });
    while (this.legend.childElementCount > entries.length) this.legend.lastElementChild.remove();
    this.legend.hidden = !Object.keys(this.titles).length;
  }

  /** The figures of every epoch, for those who read them rather than see them. */
  fill() {
    if (!this.table.open) return;
    const rows = [];
    const names = [];
    for (const track of this.runs())
      for (const name of Object.keys(track.epoch.values)) if (!names.includes(name)) names.push(name);
    for (const track of this.runs()) {
      const { epoch } = track;
      const from = Math.max(0, epoch.step.length - ROWS);
      for (let place = from; place < epoch.step.length; place += 1)
        rows.push([...(this.overlaid ? [track.about.label] : []), epoch.epoch[place], epoch.step[place].toLocaleString("en-US"),
          `${epoch.seconds[place].toFixed(1)} s`,
          ...names.map((name) => (epoch.values[name] ? writeFigure(name, epoch.values[name][place]) : ""))]);
    }
    const words = this.runs().flatMap((track) => track.about.events.map((event) =>
      `${this.overlaid ? `${track.about.label}: ` : ""}step ${event.step.toLocaleString("en-US")}, ${event.words}`));
    const text = JSON.stringify([rows, words]);
    if (text === this.filled) return;
    this.filled = text;
    const write = (name) => (name.startsWith("val_") ? `${this.titles[name.slice(4)] || name.slice(4)}, validation`
      : this.titles[name] || name);
    const head = make("tr");
    for (const name of [...(this.overlaid ? ["Run"] : []), "Epoch", "Step", "Time", ...names.map(write)]) {
      const cell = make("th", "", name);
      cell.scope = "col";
      head.append(cell);
    }
    const table = make("table"), thead = make("thead"), tbody = make("tbody");
    thead.append(head);
    for (const row of rows) {
      const line = make("tr");
      for (const cell of row) line.append(make("td", "", String(cell)));
      tbody.append(line);
    }
    table.append(thead, tbody);
    const happened = make("ul", "happened");
    for (const one of words.slice(-ROWS)) happened.append(make("li", "", one));
    this.body.replaceChildren(table, happened);
  }

  async picture(kind) {
    const legend = this.entries().filter(({ key }) => !this.isHidden(key));
    const text = chartsAsSvg(this.root, [...this.charts.values()], legend);
    const ids = [...this.tracks.keys()];
    const name = `${ids.length === 1 ? ids[0] : "runs"}-curves.${kind}`;
    saveAs(name, kind === "svg" ? new Blob([text], { type: "image/svg+xml" }) : await svgAsPng(text));
  }
}

/** The view of a place in the page: the one it had when the place was made anew, zoom and all. */
const viewIn = (parentElement, key) => {
  const root = parentElement.querySelector(".root");
  const earlier = kept.get(key);
  if (earlier && !earlier.root.isConnected) {
    root.replaceWith(earlier.root);
    earlier.comeBack();
    return earlier;
  }
  const view = new Curves(root);
  kept.delete(key);
  kept.set(key, view);
  if (kept.size > MOST_VIEWS) kept.delete(kept.keys().next().value);
  return view;
};

export default function (component) {
  const { parentElement } = component;
  if (!views.has(parentElement)) views.set(parentElement, viewIn(parentElement, component.data.key));
  const view = views.get(parentElement);
  view.update(component);
  return onLeaving(parentElement, () => view.leave());
}
