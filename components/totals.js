// The totals of a design, as tiles. The same tiles are kept and their text replaced, so that
// numbers that follow a dragged slider do not flicker.
export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".root");
  if (root.childElementCount === 0) {
    root.innerHTML = '<div class="tiles"></div>';
  }
  const tiles = root.querySelector(".tiles");
  while (tiles.childElementCount > data.tiles.length) tiles.lastElementChild.remove();
  data.tiles.forEach((item, index) => {
    let tile = tiles.children[index];
    if (!tile) {
      tile = document.createElement("div");
      tile.className = "tile";
      tile.innerHTML = '<div class="label"></div><div class="value"></div><div class="detail"></div>';
      tiles.append(tile);
    }
    tile.title = item.help;
    tile.dataset.total = item.name;
    tile.querySelector(".label").textContent = item.label;
    const value = tile.querySelector(".value");
    value.textContent = item.value;
    if (item.unit) {
      const unit = document.createElement("small");
      unit.textContent = item.unit;
      value.append(unit);
    }
    tile.querySelector(".detail").textContent = item.detail;
  });
}
