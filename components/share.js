// The link that restores what the page shows. It is the page's own address as it stands now,
// because the parts that follow a dragged control keep it there and this one is not drawn anew
// with them.
const boxes = new WeakMap();

/** Milliseconds between two looks at the address while the link is in sight. */
const LOOK = 250;

class Box {
  constructor(root) {
    root.innerHTML = '<p class="words"></p><p class="warning" role="status"></p>' +
      '<div class="line"><code tabindex="0" aria-label="Link"></code></div>';
    const find = (name) => root.querySelector(name);
    [this.words, this.warning, this.code] = [".words", ".warning", "code"].map(find);
    find(".line").append(copyButton(() => this.code.textContent));
  }

  update(data) {
    this.data = data;
    this.words.textContent = data.words;
    this.show();
    clearInterval(this.timer);
    this.timer = setInterval(() => this.show(), LOOK);
  }

  link() {
    const query = new URLSearchParams(this.data.query ?? location.search);
    if (this.data.query === null) for (const name of this.data.without) query.delete(name);
    return `${location.origin}${location.pathname}?${query}`;
  }

  show() {
    const link = this.link();
    if (this.code.textContent === link) return;
    this.code.textContent = link;
    this.warning.textContent = link.length > this.data.longest ? this.data.warning : "";
  }
}

export default function ({ data, parentElement }) {
  let box = boxes.get(parentElement);
  if (!box) {
    box = new Box(parentElement.querySelector(".root"));
    boxes.set(parentElement, box);
  }
  box.update(data);
  return onLeaving(parentElement, () => clearInterval(box.timer));
}
