// One chart of curves: axes, lines, marks of what happened, and the numbers under the pointer.
// What is in sight is its owner's matter, so that all charts of a run move together.
const SVG = "http://www.w3.org/2000/svg";
const draw = (tag, attributes, text) => {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text !== undefined) element.textContent = text;
  return element;
};
const make = (tag, style, text) => {
  const element = document.createElement(tag);
  if (style) element.className = style;
  if (text !== undefined) element.textContent = text;
  return element;
};
const EDGE = { left: 58, right: 14, top: 26, bottom: 40 };
const AXES = { steps: "step", epochs: "epoch", seconds: "seconds of training" };

class Chart {
  constructor(owner, metric) {
    this.owner = owner;
    this.metric = metric;
    this.element = make("figure", "chart");
    this.element.dataset.metric = metric;
    this.heading = make("figcaption");
    this.svg = draw("svg", { tabindex: 0, role: "img", class: "plot" });
    this.still = draw("g", {});
    this.lines = draw("g", { class: "lines" });
    this.above = draw("g", {});
    this.brush = draw("rect", { class: "brush", y: EDGE.top, height: 0, width: 0 });
    this.cursor = draw("g", { class: "cursor" });
    this.clip = draw("clipPath", { id: `clip-${Math.random().toString(36).slice(2)}` });
    this.clip.append(draw("rect", {}));
    this.lines.setAttribute("clip-path", `url(#${this.clip.id})`);
    this.svg.append(this.clip, this.still, this.lines, this.above, this.brush, this.cursor);
    this.tip = make("div", "tip");
    this.tip.hidden = true;
    this.element.append(this.heading, this.svg, this.tip);
    this.listen();
  }

  get isShares() { return SHARES.test(this.metric); }

  draw(height) {
    const { owner } = this;
    this.heading.textContent = owner.titles[this.metric] || this.metric;
    this.width = Math.max(240, this.element.clientWidth || 480);
    this.height = height;
    this.svg.setAttribute("viewBox", `0 0 ${this.width} ${height}`);
    this.svg.setAttribute("height", height);
    this.svg.setAttribute("aria-label",
      `${this.heading.textContent} against the ${AXES[owner.axis]}. Arrow keys read the numbers,` +
      " plus and minus zoom, Shift and an arrow move, 0 shows all.");
    const right = this.width - EDGE.right, bottom = height - EDGE.bottom;
    for (const [name, value] of Object.entries({
      x: EDGE.left, y: EDGE.top - 4, width: right - EDGE.left, height: bottom - EDGE.top + 8,
    })) this.clip.firstChild.setAttribute(name, value);
    const [x0, x1] = this.domain = owner.domain();
    this.atX = (x) => EDGE.left + ((x - x0) / (x1 - x0)) * (right - EDGE.left);
    this.fromX = (pixel) => x0 + ((pixel - EDGE.left) / (right - EDGE.left)) * (x1 - x0);
    this.shown = owner.linesOf(this.metric).map((line) => ({
      ...line, range: placesWithin(line.xs, x0, x1),
    }));
    this.log = owner.log && !this.isShares;
    const [y0, y1] = this.reach();
    const scale = this.log ? Math.log10 : (y) => y;
    const low = scale(y0), high = scale(y1);
    this.atY = (y) => (this.log && y <= 0 ? NaN
      : bottom - ((scale(y) - low) / (high - low)) * (bottom - EDGE.top));
    this.drawAxes(y0, y1, right, bottom);
    this.drawLines();
    this.drawMarks(bottom);
    this.drawCursor();
  }

  /** The lowest and highest figure in sight. */
  reach() {
    let low = Infinity, high = -Infinity;
    for (const { ys, raw, range: [from, to] } of this.shown)
      for (const figures of raw ? [ys, raw] : [ys])
        for (let place = from; place < to; place += 1) {
          const y = figures[place];
          if (y === null || y === undefined || (this.log && y <= 0)) continue;
          if (y < low) low = y;
          if (y > high) high = y;
        }
    if (low > high) return this.log ? [0.1, 1] : [0, 1];
    if (this.log) return low === high ? [low / 2, high * 2] : [low / 1.08, high * 1.08];
    if (!this.owner.zoomed && this.metric === "loss" && low > 0) low = 0;
    if (low === high) return [low - Math.abs(low) / 10 - 1e-6, high + Math.abs(high) / 10 + 1e-6];
    const room = (high - low) * 0.05;
    const bottom = low === 0 ? 0 : low - room;
    return [bottom, this.isShares ? Math.min(1.005, high + room) : high + room];
  }

  drawAxes(y0, y1, right, bottom) {
    const parts = [];
    const count = Math.max(3, Math.round((bottom - EDGE.top) / 44));
    const ticks = this.log ? logTicks(y0, y1, count) : roundTicks(y0, y1, count);
    for (const tick of ticks) {
      const y = this.atY(tick);
      parts.push(draw("line", { class: "grid", x1: EDGE.left, x2: right, y1: y, y2: y }),
        draw("text", { class: "tick", x: EDGE.left - 7, y: y + 4.5, "text-anchor": "end" },
          this.isShares ? `${writeNumber(tick * 100, 3)}%` : writeNumber(tick, 3)));
    }
    const whole = this.owner.axis !== "seconds";
    for (const tick of roundTicks(...this.domain, Math.max(2, Math.round((right - EDGE.left) / 62)))) {
      if (whole && this.owner.axis === "steps" && !Number.isInteger(Number(tick.toFixed(6)))) continue;
      const x = this.atX(tick);
      parts.push(draw("line", { class: "short", x1: x, x2: x, y1: bottom, y2: bottom + 5 }),
        draw("text", { class: "tick", x, y: bottom + 18, "text-anchor": "middle" }, writeNumber(tick, 6)));
    }
    parts.push(draw("line", { class: "axis", x1: EDGE.left, x2: right, y1: bottom, y2: bottom }),
      draw("text", { class: "tick name", x: (EDGE.left + right) / 2, y: bottom + 35, "text-anchor": "middle" },
        AXES[this.owner.axis]));
    this.still.replaceChildren(...parts);
  }

  drawLines() {
    const parts = [];
    for (const line of this.shown) {
      const style = `stroke:${line.colour}`;
      if (line.raw)
        parts.push(draw("path", { class: "raw", style, d: pathOf(line.xs, line.raw, line.range, this.atX, this.atY) }));
      const path = draw("path", {
        class: `line ${line.kind}`, style, d: pathOf(line.xs, line.ys, line.range, this.atX, this.atY),
        "data-line": line.key,
      });
      if (line.dash) path.setAttribute("stroke-dasharray", line.dash);
      parts.push(path);
      const [from, to] = line.range;
      const dots = line.dots && to - from <= 42;
      for (let place = from; place < to && (dots || to - from < 3); place += 1) {
        const y = line.ys[place] === null ? NaN : this.atY(line.ys[place]);
        if (Number.isFinite(y))
          parts.push(draw("circle", { class: "dot", cx: this.atX(line.xs[place]), cy: y, r: 3.2, style: `fill:${line.colour}` }));
      }
    }
    this.lines.replaceChildren(...parts);
  }

  /** What happened to the run: a line across, and its words where there is room. */
  drawMarks(bottom) {
    const parts = [];
    const [x0, x1] = this.domain;
    const marks = this.owner.marks().filter(({ x }) => x >= x0 && x <= x1);
    marks.forEach((mark, place) => {
      const x = this.atX(mark.x);
      const next = place + 1 < marks.length ? this.atX(marks[place + 1].x) : this.width - EDGE.right;
      const group = draw("g", { class: `mark ${mark.kind}` });
      group.append(draw("title", {}, mark.words),
        draw("line", { x1: x, x2: x, y1: EDGE.top - 6, y2: bottom }));
      if (marks.length <= 40)
        group.append(draw("text", { x, y: EDGE.top - 9, "text-anchor": "middle" }, mark.sign));
      const width = mark.short.length * 6.6 + 12;
      if (mark.short && x + width < next)
        group.append(draw("text", { x: x + 9, y: EDGE.top - 9 }, mark.short));
      // Signs too close to be told apart are left to the pointer, which names them.
      else if (x + 12 > next && place + 1 < marks.length) group.querySelector("text")?.remove();
      parts.push(group);
    });
    for (const star of this.owner.stars(this.metric)) {
      const x = this.atX(star.x), y = this.atY(star.y);
      if (star.x < x0 || star.x > x1 || !Number.isFinite(y)) continue;
      const group = draw("g", { class: "star" });
      group.append(draw("title", {}, star.words),
        draw("circle", { cx: x, cy: y, r: 7, style: `stroke:${star.colour}` }));
      parts.push(group);
    }
    this.above.replaceChildren(...parts);
  }

  drawCursor() {
    const at = this.owner.pointed;
    if (at === null || at < this.domain[0] || at > this.domain[1]) {
      this.cursor.replaceChildren();
      this.tip.hidden = true;
      return;
    }
    const x = this.atX(at);
    const parts = [draw("line", { x1: x, x2: x, y1: EDGE.top, y2: this.height - EDGE.bottom })];
    const rows = [];
    for (const line of this.shown) {
      const place = nearestPlace(line.xs, at);
      if (place < 0) continue;
      const px = this.atX(line.xs[place]);
      // A line is read where it has a point near enough, or right at the pointer.
      const spacing = line.xs.length > 1 ? Math.abs(this.atX(line.xs[1]) - this.atX(line.xs[0])) : 24;
      if (Math.abs(px - x) > Math.max(24, spacing)) continue;
      const figure = line.ys[place];
      const py = figure === null ? NaN : this.atY(figure);
      if (Number.isFinite(py))
        parts.push(draw("circle", { cx: px, cy: py, r: 4.5, style: `fill:${line.colour}` }));
      rows.push([line, place, figure]);
    }
    this.cursor.replaceChildren(...parts);
    if (this.owner.pointedChart !== this) {
      this.tip.hidden = true;
      return;
    }
    const happened = this.owner.marks().filter((mark) => Math.abs(this.atX(mark.x) - x) <= 6);
    this.tip.replaceChildren(make("div", "where", this.owner.writeX(at)));
    for (const [line, , figure] of rows) {
      const row = make("div", "row");
      const swatch = make("span", "swatch");
      swatch.style.background = line.colour;
      row.append(swatch, make("span", "of", line.name), make("b", "", writeFigure(this.metric, figure)));
      this.tip.append(row);
    }
    for (const mark of happened) this.tip.append(make("div", "happened", `${mark.sign} ${mark.words}`));
    this.tip.hidden = false;
    const room = this.tip.offsetWidth + 18;
    const left = x + room > this.width ? Math.max(0, x - room) : x + 16;
    this.tip.style.transform = `translate(${left}px, ${EDGE.top + this.svg.offsetTop + 6}px)`;
    this.words = rows.map(([line, , figure]) => `${line.name} ${writeFigure(this.metric, figure)}`);
  }

  listen() {
    const { svg, owner } = this;
    const pixel = (event) => event.clientX - svg.getBoundingClientRect().left;
    svg.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      svg.setPointerCapture(event.pointerId);
      this.held = { start: pixel(event), pan: event.shiftKey, domain: this.domain };
    });
    svg.addEventListener("pointermove", (event) => {
      const at = pixel(event);
      if (!this.held) return owner.point(this.fromX(at), this);
      if (this.held.pan) {
        const [x0, x1] = this.held.domain;
        const shift = this.fromX(this.held.start) - this.fromX(at);
        return owner.zoom([x0 + shift, x1 + shift]);
      }
      const [low, high] = [this.held.start, at].sort((a, b) => a - b);
      this.brush.setAttribute("x", low);
      this.brush.setAttribute("width", high - low);
      this.brush.setAttribute("height", this.height - EDGE.bottom - EDGE.top);
    });
    const release = (event) => {
      const { held } = this;
      this.held = null;
      this.brush.setAttribute("width", 0);
      if (!held || held.pan || event.type === "pointercancel") return;
      const ends = [held.start, pixel(event)].sort((a, b) => a - b);
      if (ends[1] - ends[0] > 6) owner.zoom(ends.map((end) => this.fromX(end)));
    };
    svg.addEventListener("pointerup", release);
    svg.addEventListener("pointercancel", release);
    svg.addEventListener("pointerleave", () => { if (!this.held) owner.point(null, this); });
    svg.addEventListener("dblclick", () => owner.zoom(null));
    svg.addEventListener("wheel", (event) => {
      // The wheel alone scrolls the page.
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      owner.magnify(event.deltaY < 0 ? 0.8 : 1.25, this.fromX(pixel(event)));
    }, { passive: false });
    svg.addEventListener("keydown", (event) => {
      const forward = event.key === "ArrowRight";
      if (forward || event.key === "ArrowLeft") {
        if (event.shiftKey) owner.pan(forward ? 0.15 : -0.15);
        else owner.stepTo(this, forward ? 1 : -1);
      } else if (event.key === "+" || event.key === "=") owner.magnify(0.7);
      else if (event.key === "-") owner.magnify(1 / 0.7);
      else if (event.key === "0" || event.key === "Home") owner.zoom(null);
      else if (event.key === "Escape") owner.point(null, this);
      else return;
      event.preventDefault();
    });
    svg.addEventListener("blur", () => owner.point(null, this));
  }
}
