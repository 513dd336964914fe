// Curves as files: CSV as the server wrote it, the charts as SVG, or as PNG for slides.
const saveAs = (name, blob) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};

/** All charts below one another, as one SVG that needs no style sheet of ours. */
const chartsAsSvg = (root, charts, legend) => {
  const style = getComputedStyle(root);
  const named = (text) => text.replace(/var\((--[\w-]+)\)/g, (_, name) => style.getPropertyValue(name).trim());
  const ink = style.getPropertyValue("--text").trim() || "#000";
  const muted = style.getPropertyValue("--plot-muted").trim() || ink;
  const font = "system-ui, sans-serif";
  const width = Math.max(...charts.map((chart) => chart.width));
  let height = 34;
  const whole = draw("svg", { xmlns: SVG, "font-family": font });
  const paper = draw("rect", { x: 0, y: 0, width: "100%", height: "100%", fill: named("var(--st-background-color)") });
  whole.append(paper);
  let x = EDGE.left;
  for (const { name, colour } of legend) {
    whole.append(draw("rect", { x, y: 14, width: 18, height: 4, fill: named(colour) }),
      draw("text", { x: x + 24, y: 21, fill: ink, "font-size": 13 }, name));
    x += 44 + name.length * 7.2;
  }
  for (const chart of charts) {
    const part = chart.svg.cloneNode(true);
    for (const extra of part.querySelectorAll(".cursor, .brush")) extra.remove();
    for (const element of part.querySelectorAll("[style]")) element.setAttribute("style", named(element.getAttribute("style")));
    for (const text of part.querySelectorAll("text")) {
      text.setAttribute("fill", muted);
      text.setAttribute("font-size", 13);
    }
    for (const line of part.querySelectorAll("line")) {
      line.setAttribute("stroke", muted);
      if (line.classList.contains("grid")) line.setAttribute("opacity", 0.3);
      if (line.parentNode.classList.contains("mark")) line.setAttribute("stroke-dasharray", "4 4");
    }
    for (const path of part.querySelectorAll("path")) {
      path.setAttribute("fill", "none");
      const batch = path.classList.contains("batch") || path.classList.contains("raw");
      path.setAttribute("stroke-width", batch ? 1.2 : 2.5);
      if (batch) path.setAttribute("opacity", 0.5);
    }
    for (const ring of part.querySelectorAll(".star circle")) {
      ring.setAttribute("fill", "none");
      ring.setAttribute("stroke-width", 2.5);
    }
    whole.append(draw("text", { x: EDGE.left, y: height + 16, fill: ink, "font-size": 15, "font-weight": 650 },
      chart.heading.textContent));
    part.setAttribute("x", 0);
    part.setAttribute("y", height + 20);
    part.setAttribute("width", chart.width);
    height += chart.height + 24;
    whole.append(part);
  }
  whole.setAttribute("viewBox", `0 0 ${Math.max(width, x)} ${height}`);
  whole.setAttribute("width", Math.max(width, x));
  whole.setAttribute("height", height);
  return new XMLSerializer().serializeToString(whole);
};

const svgAsPng = (text) => new Promise((resolve, reject) => {
  const picture = new Image();
  picture.onload = () => {
    const canvas = document.createElement("canvas");
    canvas.width = picture.width * 2;
    canvas.height = picture.height * 2;
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    canvas.toBlob(resolve, "image/png");
  };
  picture.onerror = reject;
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
});
