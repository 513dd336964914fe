"""How well what is written and drawn stands out, computed in the browser from computed styles.

Axe does not look at text in SVG, nor at shapes.
"""

from __future__ import annotations

from playwright.sync_api import Page

#: The least ratios of WCAG 2.1 (1.4.3 and 1.4.11).
TEXT, LARGE_TEXT, SHAPE = 4.5, 3.0, 3.0

_LOOK = """
([least, leastLarge, leastShape]) => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const parse = (text) => {
    if (!known.has(text)) {
      pen.clearRect(0, 0, 1, 1);
      pen.fillStyle = text;
      pen.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
      known.set(text, [r, g, b, a / 255]);
    }
    return known.get(text);
  };
  const over = (ink, ground) =>
    [0, 1, 2].map((part) => ink[part] * ink[3] + ground[part] * (1 - ink[3])).concat(1);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ratio = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const up = (element) => element.parentElement || element.getRootNode().host || null;
  const laid = (layers) =>
    layers.reduceRight((below, layer) => over(layer, below), [255, 255, 255, 1]);
  const inShape = (shape, x, y) => {
    if (typeof shape.isPointInFill !== "function") return false;
    const point = new DOMPoint(x, y).matrixTransform(shape.getScreenCTM().inverse());
    return shape.isPointInFill(point);
  };
  // What is behind a point of an element: shapes painted before it, then what is around it.
  const behind = (element, x, y) => {
    const layers = [];
    let from = element;
    const picture = element.ownerSVGElement;
    if (picture) {
      let outermost = picture;
      while (outermost.ownerSVGElement) outermost = outermost.ownerSVGElement;
      const shapes = [...outermost.querySelectorAll("rect, path, circle, ellipse, polygon")]
        .filter((shape) => shape !== element && !shape.closest("defs"))
        .filter((shape) => shape.compareDocumentPosition(element) & 4);
      for (const shape of shapes.reverse()) {
        const style = getComputedStyle(shape);
        if (style.fill === "none" || style.visibility === "hidden") continue;
        const [r, g, b, a] = parse(style.fill);
        const alpha = a * style.fillOpacity * style.opacity;
        if (!alpha || !inShape(shape, x, y)) continue;
        layers.push([r, g, b, alpha]);
        if (alpha === 1) return laid(layers);
      }
      from = outermost;
    }
    for (let one = from; one; one = up(one)) {
      const colour = parse(getComputedStyle(one).backgroundColor);
      if (colour[3]) layers.push(colour);
      if (colour[3] === 1) break;
    }
    return laid(layers);
  };
  const seen = (element) => {
    let opacity = 1;
    for (let one = element; one; one = up(one)) {
      if (one.hidden || one.hasAttribute("disabled") || one.inert) return 0;
      if (one.getAttribute("aria-disabled") === "true") return 0;
      const style = getComputedStyle(one);
      if (style.display === "none" || style.visibility === "hidden") return 0;
      if (style.clipPath === "inset(50%)" || (style.fontSize === "0px")) return 0;
      opacity *= style.opacity;
    }
    return opacity;
  };
  const findings = new Map();
  let texts = 0, shapes = 0;
  const tell = (element, what, value, wanted) => {
    const style = element.getAttribute("class") || element.tagName.toLowerCase();
    const key = `${element.tagName.toLowerCase()}.${style}: ${what.trim().slice(0, 40)}`;
    const found = `${key} has ${value.toFixed(2)} : 1, needs ${wanted} : 1`;
    if (!findings.has(style + wanted)) findings.set(style + wanted, found);
  };
  const lookAt = (element) => {
    const own = [...element.childNodes].filter((node) => node.nodeType === 3 && node.data.trim());
    if (own.length && !element.matches("style, script, title, option, template")) {
      const box = element.getBoundingClientRect();
      const opacity = box.width > 2 && box.height > 2 ? seen(element) : 0;
      if (opacity > 0) {
        const style = getComputedStyle(element);
        const [r, g, b, a] = parse(element.ownerSVGElement ? style.fill : style.color);
        const ground = behind(element, box.x + box.width / 2, box.y + box.height / 2);
        const size = parseFloat(style.fontSize);
        const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 600);
        const value = ratio(over([r, g, b, a * opacity], ground), ground);
        texts += 1;
        const sign = element.dataset.testid === "stIconMaterial"; // a picture that is written
        const wanted = large || sign ? leastLarge : least;
        if (value < wanted - 0.005) tell(element, own[0].data, value, wanted);
      }
    }
    // The ring of what is not chosen yet is all there is of it.
    if (element.matches('[data-testid="stRadioOption"] > div > div:first-child')) {
      const box = element.getBoundingClientRect();
      const ground = behind(element.parentElement, box.x, box.y);
      const style = getComputedStyle(element);
      const value = ratio(over(parse(style.borderTopColor), ground), ground);
      shapes += 1;
      if (value < leastShape) tell(element, "(ring)", value, leastShape);
    }
    // Of a box in the drawing either its inside or its edge must stand out.
    if (element.matches(".box .front, .box .column, .box .unit, .skip, circle.join, .box .sign")) {
      const box = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      const group = element.closest(".box");
      const first = group ? group.querySelector("rect, path, circle") : element;
      const ground = behind(first, box.x + box.width / 2, box.y + box.height / 2);
      const inks = [style.stroke, element.matches(".skip, .sign") ? "none" : style.fill]
        .filter((text) => text !== "none").map((text) => ratio(over(parse(text), ground), ground));
      shapes += 1;
      if (Math.max(...inks) < leastShape) tell(element, "(shape)", Math.max(...inks), leastShape);
    }
  };
  const walk = (root) => {
    for (const element of root.querySelectorAll("*")) {
      lookAt(element);
      if (element.shadowRoot) walk(element.shadowRoot);
    }
  };
  walk(document.body);
  return { texts, shapes, findings: [...findings.values()] };
}
"""


def faint(page: Page) -> list[str]:
    """Return what on a page stands out too little, with the ratio it has."""
    found = page.evaluate(_LOOK, [TEXT, LARGE_TEXT, SHAPE])
    assert found["texts"] > 10, f"only {found['texts']} texts were looked at"
    return found["findings"]
