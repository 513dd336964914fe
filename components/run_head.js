// The head of a run. Its parts are kept and their text replaced, so that nothing flickers.
export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".root");
  if (!root.firstElementChild) {
    root.innerHTML =
      '<div class="line"><div role="status"><h3 class="state"><span class="sign" aria-hidden="true"></span>' +
      '<span class="words"></span></h3></div><span class="name"></span><span class="id"></span></div>' +
      '<p class="detail" role="status"></p>' +
      '<div class="progress"><div class="track" role="progressbar" aria-label="Progress of the run"' +
      ' aria-valuemin="0" aria-valuemax="100"><div class="done"></div></div><div class="far"></div></div>' +
      '<div class="tiles"></div>';
  }
  const find = (selector) => root.querySelector(selector);
  // Only what changes is touched: a live region speaks whenever it is written to.
  const say = (element, text) => {
    if (element.textContent !== text) element.textContent = text;
    element.hidden = !text;
  };
  find(".state").className = `state ${data.tone}`;
  say(find(".sign"), data.sign);
  say(find(".words"), data.words);
  say(find(".name"), data.name);
  say(find(".id"), data.id);
  say(find(".detail"), data.detail);
  find(".progress").hidden = !data.progress;
  say(find(".far"), data.progress);
  const percent = Math.round(1000 * data.fraction) / 10;
  find(".track").setAttribute("aria-valuenow", percent);
  find(".track").classList.toggle("moving", data.moving);
  find(".done").style.width = `${percent}%`;
  const tiles = find(".tiles");
  while (tiles.childElementCount > data.tiles.length) tiles.lastElementChild.remove();
  data.tiles.forEach((item, place) => {
    let tile = tiles.children[place];
    if (!tile) {
      tile = document.createElement("div");
      tile.className = "tile";
      tile.innerHTML = '<div class="label"></div><div class="value"></div><div class="about"></div>';
      tiles.append(tile);
    }
    tile.dataset.figure = item.name;
    tile.querySelector(".label").textContent = item.label;
    tile.querySelector(".value").textContent = item.value;
    tile.querySelector(".about").textContent = item.detail;
  });
}
