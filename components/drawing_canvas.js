// A sheet to draw on. The strokes are kept, so that one can be taken back; what they look like is
// sent small and grey, a few times a second while the pen moves and once when it is lifted.
const states = new WeakMap();
const PIXELS = 560; // of the canvas; the page shows it smaller
const PAUSE = 120; // milliseconds between two drawings sent

class Sheet {
  constructor(root) {
    this.strokes = [];
    root.innerHTML =
      '<canvas tabindex="0" role="img" aria-label="Sheet to draw on with the mouse or a finger"></canvas>' +
      '<div class="tools"><button type="button" data-act="undo">Undo stroke</button>' +
      '<button type="button" data-act="clear">Clear</button>' +
      '<label>Pen <input type="range" min="12" max="80" value="44" aria-label="Width of the pen"></label></div>';
    this.canvas = root.querySelector("canvas");
    this.pen = root.querySelector("input");
    this.canvas.width = this.canvas.height = PIXELS;
    this.brush = this.canvas.getContext("2d", { willReadFrequently: true });
    this.small = document.createElement("canvas");
    this.canvas.addEventListener("pointerdown", (event) => this.begin(event));
    this.canvas.addEventListener("pointermove", (event) => this.go(event));
    for (const name of ["pointerup", "pointercancel"]) {
      this.canvas.addEventListener(name, () => this.end());
    }
    this.canvas.addEventListener("keydown", (event) => {
      if (event.key === "Delete" || event.key === "Escape") this.act("clear");
      if (event.key === "Backspace") this.act("undo");
    });
    root.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) this.act(button.dataset.act);
    });
    this.buttons = [...root.querySelectorAll("button")];
  }

  update({ data, setStateValue }) {
    this.send = setStateValue;
    this.side = data.side;
    this.dark = data.dark_on_light;
    this.paint();
  }

  place(event) {
    const box = this.canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * PIXELS) / box.width, ((event.clientY - box.top) * PIXELS) / box.height];
  }

  begin(event) {
    if (event.button) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.canvas.focus({ preventScroll: true });
    this.stroke = { width: +this.pen.value, points: [this.place(event)] };
    this.strokes.push(this.stroke);
    this.changed();
    event.preventDefault();
  }

  go(event) {
    if (!this.stroke) return;
    for (const one of event.getCoalescedEvents?.() ?? [event]) this.stroke.points.push(this.place(one));
    this.changed();
  }

  end() {
    this.stroke = null;
    this.tell();
  }

  act(name) {
    if (name === "clear") this.strokes = [];
    else this.strokes.pop();
    this.paint();
    this.tell();
  }

  changed() {
    this.paint();
    if (!this.waiting) this.waiting = setTimeout(() => this.tell(), PAUSE);
  }

  draw(brush, paper, ink) {
    brush.fillStyle = paper;
    brush.fillRect(0, 0, PIXELS, PIXELS);
    brush.strokeStyle = ink;
    brush.lineCap = brush.lineJoin = "round";
    for (const { width, points } of this.strokes) {
      brush.lineWidth = width;
      brush.beginPath();
      brush.moveTo(...points[0]);
      for (const point of points.length > 1 ? points : [points[0]]) brush.lineTo(...point);
      brush.stroke();
    }
  }

  paint() {
    const [paper, ink] = this.dark ? ["#fff", "#000"] : ["#000", "#fff"];
    this.draw(this.brush, paper, ink);
    if (!this.strokes.length) {
      this.brush.fillStyle = this.dark ? "#666" : "#aaa";
      this.brush.font = "34px sans-serif";
      this.brush.textAlign = "center";
      this.brush.fillText("Draw here", PIXELS / 2, PIXELS / 2 + 12);
    }
    for (const button of this.buttons) button.disabled = !this.strokes.length;
  }

  tell() {
    clearTimeout(this.waiting);
    this.waiting = 0;
    const text = this.strokes.length ? this.ink() : "";
    if (text === this.told) return;
    this.told = text;
    this.send("drawing", text);
  }

  // What is drawn, as base64 of one byte a pixel: 0 where nothing is.
  ink() {
    const { side, small } = this;
    small.width = small.height = side;
    const brush = small.getContext("2d", { willReadFrequently: true });
    brush.imageSmoothingQuality = "high";
    brush.drawImage(this.canvas, 0, 0, side, side);
    const pixels = brush.getImageData(0, 0, side, side).data;
    let bytes = "";
    for (let place = 0; place < pixels.length; place += 4) {
      bytes += String.fromCharCode(this.dark ? 255 - pixels[place] : pixels[place]);
    }
    return btoa(bytes);
  }
}

export default function (component) {
  const { parentElement } = component;
  const root = parentElement.querySelector(".root");
  if (!states.has(root)) states.set(root, new Sheet(root));
  const sheet = states.get(root);
  sheet.update(component);
  return onLeaving(parentElement, () => clearTimeout(sheet.waiting));
}
