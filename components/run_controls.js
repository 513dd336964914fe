// The buttons of a run. They stay where they are whatever the run does, and keep the keyboard; one
// that has no meaning just now says why instead.
const SIGNS = {
  pause: "M6 4h3v12H6zM11 4h3v12h-3z", resume: "M6 3.500v13l10-6.500z",
  one_epoch: "M4 4v12l8-6zM13 4h3v12h-3z", stop: "M5 5h10v10H5z",
  again: "M10 4V1L5.5 5 10 9V6a4.5 4.5 0 1 1-4.5 4.500h-2A6.5 6.5 0 1 0 10 4z",
};

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  if (!root.firstElementChild) {
    root.innerHTML = '<div class="row" role="group" aria-label="The run"></div><p class="why" role="status"></p>';
  }
  const [row, why] = root.children;
  data.buttons.forEach((item, place) => {
    let button = row.children[place];
    if (!button) {
      button = document.createElement("button");
      button.type = "button";
      button.innerHTML = '<svg viewBox="0 0 20 20" width="16" height="16" fill="currentColor" aria-hidden="true"><path/></svg><span></span>';
      button.onclick = () => {
        why.textContent = button.dataset.against;
        if (!button.dataset.against) button.ask();
      };
      row.append(button);
    }
    // A press counts once, until the server has answered.
    button.ask = () => {
      setTriggerValue("ask", item.act);
      button.ask = () => {};
    };
    if (button.dataset.against && button.dataset.against === why.textContent && !item.against) why.textContent = "";
    button.dataset.against = item.against;
    button.title = item.against || item.help;
    button.setAttribute("aria-disabled", Boolean(item.against));
    button.setAttribute("aria-description", button.title);
    button.querySelector("path").setAttribute("d", SIGNS[item.act]);
    button.querySelector("span").textContent = item.label;
  });
}
