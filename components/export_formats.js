// The formats: a native radio button each, drawn as a card, in groups of what they are for.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const text = JSON.stringify(data.groups);
  if (root.dataset.groups !== text) {
    root.dataset.groups = text;
    root.replaceChildren(...data.groups.map(group));
  }
  for (const input of root.querySelectorAll("input")) {
    input.checked = input.value === data.chosen;
    input.onchange = () => setTriggerValue("chosen", input.value);
  }
}

function group({ title, formats }) {
  const set = document.createElement("fieldset");
  const legend = document.createElement("legend");
  legend.textContent = title;
  set.append(legend, ...formats.map(card));
  return set;
}

function card({ name, title, description, missing }) {
  const label = document.createElement("label");
  const input = document.createElement("input");
  Object.assign(input, { type: "radio", name: "format", value: name, disabled: Boolean(missing) });
  const words = document.createElement("span");
  const head = document.createElement("b");
  head.textContent = title;
  words.append(head, line("what", description));
  if (missing) words.append(line("missing", missing));
  label.append(input, words);
  return label;
}

function line(kind, words) {
  const element = document.createElement("span");
  element.className = kind;
  element.textContent = words;
  return element;
}
