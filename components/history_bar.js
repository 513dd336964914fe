// Undo, redo and the list of what was done. Two ends of one thing: the buttons, which stand where
// the page is seldom drawn anew, and an echo without a face in the part that follows a dragged
// control; it tells the buttons what they would do now.
const ECHO = "model-designer-history";
const bars = new WeakMap();
const MAC = /Mac|iPhone|iPad/.test(navigator.platform);
const UNDO = MAC ? "⌘Z" : "Ctrl+Z";
const REDO = MAC ? "⇧⌘Z" : "Ctrl+Shift+Z";
const TEXTS = ["text", "number", "search", "email", "url", "tel", "password"];

const ICONS = {
  undo: '<path d="M7 4 3 8l4 4M3 8h8a5 5 0 0 1 0 10H8"/>',
  redo: '<path d="m13 4 4 4-4 4M17 8H9a5 5 0 0 0 0 10h3"/>',
  history: '<circle cx="10" cy="10" r="7"/><path d="M10 6v4l3 2"/>',
};
const icon = (name) => '<svg viewBox="0 0 20 20" width="17" height="17" fill="none"' +
  ` stroke="currentColor" stroke-width="1.7" aria-hidden="true">${ICONS[name]}</svg>`;

const isText = (element) => element instanceof Element && (element.tagName === "TEXTAREA" ||
  element.isContentEditable || (element.tagName === "INPUT" && TEXTS.includes(element.type)));

class Bar {
  constructor(root) {
    this.acts = []; // [sequence, act, position] that the server has not answered for
    this.sequence = 0;
    this.writing = null; // the text field with an edit that is not finished: its undo is its own
    root.innerHTML =
      `<div class="bar"><button type="button" class="undo">${icon("undo")}<span>Undo</span></button>` +
      `<button type="button" class="redo">${icon("redo")}<span>Redo</span></button>` +
      '<button type="button" class="open" aria-haspopup="true" aria-expanded="false">' +
      `${icon("history")}<span>Changes</span></button></div>` +
      '<div class="list" popover role="dialog" aria-label="Changes"></div>';
    const find = (name) => root.querySelector(`.${name}`);
    [this.undo, this.redo, this.open, this.list] = ["undo", "redo", "open", "list"].map(find);
    this.undo.onclick = () => this.act("undo");
    this.redo.onclick = () => this.act("redo");
    this.open.popoverTargetElement = this.list;
    this.list.ontoggle = (event) => this.toggled(event.newState === "open");
    this.list.onkeydown = (event) => this.walk(event);
    this.hear = (event) => this.name(event.detail);
    this.press = (event) => this.key(event);
    this.write = (event) => {
      const element = event.composedPath()[0];
      if (isText(element)) this.writing = event.type === "input" ? element : null;
    };
  }

  update({ data, setStateValue }) {
    this.send = setStateValue;
    this.sequence = Math.max(this.sequence, data.ack);
    this.acts = this.acts.filter(([sequence]) => sequence > data.ack);
    this.name(data);
    this.fill(data);
    window.addEventListener(ECHO, this.hear);
    document.addEventListener("keydown", this.press, true);
    for (const type of ["input", "change", "focusout"]) document.addEventListener(type, this.write, true);
  }

  leave() {
    window.removeEventListener(ECHO, this.hear);
    document.removeEventListener("keydown", this.press, true);
    for (const type of ["input", "change", "focusout"]) document.removeEventListener(type, this.write, true);
  }

  act(name, position = null) {
    this.acts.push([++this.sequence, name, position]);
    this.send("acts", this.acts);
  }

  // What the buttons would do. They stay where they are when there is nothing to do, and keep
  // the focus of the keyboard.
  name({ undoes, redoes }) {
    const say = (button, title, key, what) => {
      button.setAttribute("aria-disabled", what === null);
      button.title = what === null ? `Nothing to ${title.toLowerCase()}` : `${title}: ${what} (${key})`;
    };
    say(this.undo, "Undo", UNDO, undoes);
    say(this.redo, "Redo", REDO, redoes);
  }

  key(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    const name = key === "z" ? (event.shiftKey ? "redo" : "undo") : key === "y" && !event.shiftKey ? "redo" : null;
    if (!name || (this.writing && event.composedPath()[0] === this.writing)) return;
    event.preventDefault();
    event.stopPropagation();
    this.act(name);
  }

  // --- the list -----------------------------------------------------------------------------

  toggled(open) {
    this.open.setAttribute("aria-expanded", open);
    if (open) {
      const { left, bottom } = this.open.getBoundingClientRect();
      this.list.style.top = `${bottom + 4}px`;
      this.list.style.left = `${Math.max(8, Math.min(left, innerWidth - this.list.offsetWidth - 8))}px`;
    }
    this.send("view", { open });
  }

  fill({ steps, position }) {
    const text = JSON.stringify([steps, position]);
    if (text === this.text) return;
    this.text = text;
    if (!steps) return this.list.replaceChildren();
    const focused = this.list.matches(":focus-within");
    const items = steps.map((label, place) => {
      const item = document.createElement("button");
      item.type = "button";
      item.textContent = label;
      if (place > position) item.classList.add("undone");
      if (place === position) item.setAttribute("aria-current", "step");
      item.onclick = () => this.act("go", place);
      return item;
    });
    this.list.replaceChildren(...items.reverse()); // the newest first
    const current = this.list.querySelector("[aria-current]");
    current?.scrollIntoView({ block: "nearest" });
    if (focused || this.list.matches(":popover-open")) current?.focus({ preventScroll: true });
  }

  walk(event) {
    if (event.key === "Escape") { // the browser gives the focus back itself, but not always
      event.preventDefault();
      this.list.hidePopover();
      this.open.focus();
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const items = [...this.list.children];
    items[items.indexOf(event.target) + step]?.focus();
    event.preventDefault();
  }
}

export default function (component) {
  const { data, parentElement } = component;
  if (data.echo) {
    window.dispatchEvent(new CustomEvent(ECHO, { detail: data }));
    return undefined;
  }
  let bar = bars.get(parentElement);
  if (!bar) {
    bar = new Bar(parentElement.querySelector(".root"));
    bars.set(parentElement, bar);
  }
  bar.update(component);
  return onLeaving(parentElement, () => bar.leave());
}
