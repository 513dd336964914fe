// Asks the server again and again while it is on the page: for what is not ready yet. It is a part
// of the page, and not a timer of Streamlit's, so that only what waits is drawn anew; when the
// answer is there it is left out, and the asking ends.
const timers = new WeakMap();
const births = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  clearInterval(timers.get(parentElement));
  const isHere = () => (parentElement.host ?? parentElement).isConnected;
  if (!births.has(parentElement)) births.set(parentElement, performance.now());
  const isOld = () => isGoing(births.get(parentElement));
  const ask = () => inTurn(() => { if (isHere() && !isOld()) setTriggerValue("beat", Date.now()); });
  timers.set(parentElement, setInterval(ask, data.milliseconds));
  return onLeaving(parentElement, () => clearInterval(timers.get(parentElement)));
}
