// One sentence of reason, the way to the layer at fault, and the changes that mend it.
const bars = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  let bar = bars.get(parentElement);
  if (!bar) {
    root.innerHTML = '<div class="bar"><p role="alert"></p><div class="mends"></div></div>';
    bar = { reason: root.querySelector("p"), mends: root.querySelector(".mends"), text: "" };
    bars.set(parentElement, bar);
  }
  if (bar.reason.textContent !== data.reason) bar.reason.textContent = data.reason;
  const text = JSON.stringify([data.layer, data.mends]);
  if (text === bar.text) return; // nothing new: a button that has the focus keeps it
  bar.text = text;
  if (data.mends === null) { // a control is being dragged
    for (const button of bar.mends.querySelectorAll(".mend")) button.disabled = true;
    return;
  }
  const button = (style, label, action) => {
    const element = document.createElement("button");
    element.type = "button";
    element.className = style;
    element.textContent = label;
    element.onclick = action;
    return element;
  };
  const show = button("show", "Show me", () => setTriggerValue("show", data.layer));
  show.title = `Select ${data.layer}`;
  const label = document.createElement("span");
  label.textContent = data.mends.length > 1 ? "What mends it:" : "What mends it, at the least:";
  if (!data.mends.length) return bar.mends.replaceChildren(show);
  bar.mends.replaceChildren(show, label, ...data.mends.map(
    (name) => button("mend", name, () => setTriggerValue("mend", name))));
}
