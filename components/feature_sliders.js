// Sliders for the features of an example; where they stand is sent while one is dragged.
const states = new WeakMap();
const PAUSE = 60; // milliseconds between two positions sent

class Sliders {
  constructor(root) {
    this.root = root;
    root.addEventListener("input", (event) => this.moved(event.target));
  }

  update({ data, setStateValue }) {
    this.send = setStateValue;
    const text = JSON.stringify(data);
    if (text === this.text) return;
    this.text = text;
    this.data = data;
    this.root.replaceChildren(...data.features.map((feature, place) => this.row(feature, place)));
  }

  row({ name, low, high, step }, place) {
    const row = document.createElement("label");
    row.innerHTML = '<span class="name"></span><input type="range"><input type="number" step="any">';
    const [label, slider, number] = row.children;
    label.textContent = label.title = name;
    slider.setAttribute("aria-label", name);
    number.setAttribute("aria-label", `${name}, as a number`);
    Object.assign(slider, { min: low, max: high, step });
    if (low === high) slider.disabled = true;
    // Not every start lies on a step: it is shown as it is.
    slider.step = "any";
    slider.value = this.data.start[place];
    slider.dataset.step = step;
    number.value = +this.data.start[place].toPrecision(6);
    for (const input of [slider, number]) input.dataset.place = place;
    slider.addEventListener("keydown", (event) => {
      const way = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
      if (!way) return;
      event.preventDefault();
      slider.value = +slider.value + way * Math.max(step, (high - low) / 50);
      this.moved(slider);
    });
    return row;
  }

  moved(input) {
    const row = input.parentElement;
    const [, slider, number] = row.children;
    if (input === number) {
      if (number.value === "" || !Number.isFinite(+number.value)) return;
      slider.value = number.value;
    } else {
      const { step } = slider.dataset;
      number.value = +(Math.round(slider.value / step) * step).toPrecision(6);
    }
    if (!this.waiting) this.waiting = setTimeout(() => this.tell(), PAUSE);
  }

  tell() {
    this.waiting = 0;
    const values = [...this.root.children].map((row) => +row.children[2].value);
    this.send("values", { start: this.data.start, values });
  }
}

export default function (component) {
  const { parentElement } = component;
  const root = parentElement.querySelector(".root");
  if (!states.has(root)) states.set(root, new Sliders(root));
  const sliders = states.get(root);
  sliders.update(component);
  return onLeaving(parentElement, () => clearTimeout(sliders.waiting));
}
