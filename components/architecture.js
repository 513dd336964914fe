// Paints the drawing that the server laid out. The picture is made of numbers and escaped text.
export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".root");
  let scroll = root.querySelector(".scroll");
  if (!scroll) {
    scroll = document.createElement("div");
    scroll.className = "scroll";
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "group");
    scroll.setAttribute("aria-label", "Architecture drawing");
    root.append(scroll);
  }
  if (scroll.painted !== data.svg) {
    scroll.innerHTML = data.svg;
    scroll.painted = data.svg;
  }
}
