// Whether a person is on the way to another page; shared by those that ask the server unasked.
//
// Until the new page begins to come, Streamlit sends everything in the old one's name. A part of
// that one which asks meanwhile is drawn as the old page, with nothing else on it, over the new:
// a blank page. So from the click on, what was there before it is silent.
const SILENCE = 10_000; // milliseconds, if no other page comes
const GOES = '[class*="st-key-compare_button"], [class*="st-key-compare_open_"]'; // by the server
const WAY = Symbol.for("model designer: going"); // each part has a module of its own

const goAway = () => { globalThis[WAY].since = performance.now(); };

if (!globalThis[WAY]) {
  globalThis[WAY] = { since: -Infinity, from: location.pathname };
  addEventListener("click", (event) => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const path = event.composedPath().filter((one) => one instanceof Element);
    const link = path.find((one) => one.tagName === "A");
    const leads = link && !link.hasAttribute("download") && ["", "_self"].includes(link.target) &&
      link.origin === location.origin && link.pathname !== location.pathname;
    if (leads || path.some((one) => one.matches(GOES))) goAway();
  }, true);
  // Back and forward; the address is the new one already.
  addEventListener("popstate", () => { if (location.pathname !== globalThis[WAY].from) goAway(); });
}

// Whether what began at this moment (of performance.now()) is of a page that is being left.
const isGoing = (born) => {
  const way = globalThis[WAY];
  if (born <= way.since && performance.now() - way.since < SILENCE) return true;
  way.from = location.pathname;
  return false;
};
