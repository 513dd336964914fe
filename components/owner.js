// Who this browser is: a random mark in a cookie, so that the very next page knows it at once. The
// server keeps its digest with what the browser brings along, and never the mark itself.
const NAME = "model_designer_owner";
const MARK = /^[0-9a-f]{32}$/;
const keptMark = () => {
  const cookie = document.cookie.split("; ").find((one) => one.startsWith(`${NAME}=`));
  const found = cookie?.slice(NAME.length + 1);
  if (MARK.test(found ?? "")) return found;
  try {
    const stored = localStorage.getItem(NAME);
    return MARK.test(stored ?? "") ? stored : null;
  } catch {
    return null; // a browser that keeps nothing: the mark lasts as long as the page
  }
};
const newMark = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

let mark = null;
export default function ({ data, setStateValue }) {
  mark = keptMark() ?? mark ?? newMark();
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${NAME}=${mark}; Path=/; Max-Age=34560000; SameSite=Strict${secure}`;
  try {
    localStorage.setItem(NAME, mark);
  } catch {
    // the cookie will do
  }
  // Said only to a server that has not read it in the cookie: each telling runs the page again.
  if (!data.known) setStateValue("mark", mark);
}
