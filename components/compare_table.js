// A table of the comparison: totals, or layers. Text only; nothing here is markup from outside.
export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".root");
  const text = JSON.stringify(data);
  if (root.painted === text) return;
  root.painted = text;

  const element = (name, style, content) => {
    const made = document.createElement(name);
    if (style) made.className = style;
    if (content) made.textContent = content;
    return made;
  };

  function head(column) {
    const th = element("th", column.number ? "number" : "");
    th.scope = "col";
    if (column.letter) th.append(element("span", `letter ${column.colour}`, column.letter), " ");
    th.append(column.title);
    return th;
  }

  function fill(cell, column, data) {
    if (column.number) cell.classList.add("number");
    if (data.code) cell.classList.add("code");
    if (data.text) cell.append(element("span", "text", data.text));
    for (const [name, before, after] of data.changes || []) {
      const change = element("span", "change");
      change.append(element("b", "", name), ` ${before} → `, element("ins", "", after));
      cell.append(change);
    }
    if (data.note) cell.append(element("span", `note ${data.tone || ""}`, data.note));
    return cell;
  }

  const wrap = element("div", "wrap");
  wrap.tabIndex = 0;
  wrap.setAttribute("role", "region");
  wrap.setAttribute("aria-label", data.label);
  const table = element("table");
  const header = element("tr");
  header.append(...data.columns.map(head));
  const thead = element("thead");
  thead.append(header);
  const tbody = element("tbody");
  for (const row of data.rows) {
    const tr = element("tr", row.kind);
    row.cells.forEach((cell, index) => {
      const first = index === 0 && row.kind !== "alike" && row.kind !== "section";
      const made = element(first ? "th" : "td");
      if (first) made.scope = "row";
      if (row.cells.length === 1) made.colSpan = data.columns.length;
      tr.append(fill(made, data.columns[index], cell));
    });
    tbody.append(tr);
  }
  table.append(thead, tbody);
  wrap.append(table);
  root.replaceChildren(wrap);
}
