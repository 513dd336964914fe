// A link to a file that the server reads from its disk. The browser's own download does the rest:
// nothing of the file is held by the page. That it is still there is asked first, as a browser
// tells nobody why a download did not begin.

// Our pages are one step below the server's own address, whatever proxy stands in between.
const address = (path) => new URL(path, new URL("./", location.href)).href;

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".root");
  if (root.dataset.path === data.path && root.dataset.label === data.label) return;
  root.dataset.path = data.path;
  root.dataset.label = data.label;
  root.replaceChildren();
  const link = document.createElement("a");
  link.href = address(data.path);
  link.download = data.name;
  link.className = data.primary ? "get primary" : "get";
  link.textContent = data.label;
  const word = document.createElement("p");
  word.className = "word";
  word.setAttribute("role", "status");
  let known = false;
  link.onclick = async (event) => {
    if (known) {
      known = false;
      return; // the click that begins it
    }
    event.preventDefault();
    word.classList.remove("problem");
    word.textContent = "";
    try {
      const answer = await fetch(link.href, { method: "HEAD" });
      if (answer.status === 404) throw new Error(data.gone);
      if (!answer.ok) throw new Error(`The server answered ${answer.status}. Try again in a moment.`);
    } catch (error) {
      word.classList.add("problem");
      word.textContent =
        error instanceof TypeError
          ? "The server does not answer. Try again when the connection is back."
          : error.message;
      return;
    }
    known = true;
    link.click();
    word.textContent = "Your browser saves it now.";
  };
  root.append(link, word);
}
