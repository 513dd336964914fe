// A file, sent in pieces: the next one when the server says that it has the last. So neither side
// ever holds more than a piece of it. An answer can be lost, as one that comes while the whole page
// is written anew; so whoever hears nothing for a while asks how far the server is.
const PIECE = 2 << 20; // bytes: Streamlit holds a dozen copies of a message while it reads it
const PATIENCE = 4000; // milliseconds
const uploads = new WeakMap();

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;

const encoded = (blob) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });

class Upload {
  constructor(root) {
    root.innerHTML =
      '<div class="drop"><label><span>Choose a file</span><input type="file"></label>' +
      '<span class="word"></span><progress hidden max="1" aria-label="Sent to the server"></progress></div>' +
      '<p class="problem" role="alert"></p>';
    const find = (selector) => root.querySelector(selector);
    this.area = find(".drop");
    this.label = find("label");
    this.input = find("input");
    this.word = find(".word");
    this.bar = find("progress");
    this.problem = find(".problem");
    this.input.onchange = () => this.begin(this.input.files[0]);
    this.area.ondragover = (event) => { event.preventDefault(); this.area.classList.add("over"); };
    this.area.ondragleave = () => this.area.classList.remove("over");
    this.area.ondrop = (event) => {
      event.preventDefault();
      this.area.classList.remove("over");
      this.begin(event.dataTransfer.files[0]);
    };
  }

  update({ data, setTriggerValue }) {
    this.trigger = (piece) => setTriggerValue("piece", piece);
    this.largest = data.largest;
    this.advice = data.advice;
    this.input.accept = data.accept;
    this.input.setAttribute("aria-label", data.label);
    if (!this.file) this.word.textContent = data.hint;
    if (!this.file || data.whole === this.mark) return;
    const answered = this.question && data.asked === this.question;
    if (data.upload === this.mark && data.offset > this.sent) this.next(data.offset);
    else if (answered && data.upload === this.mark) this.next(this.sent); // a piece was lost
    else if (answered && this.sent) this.stop("what had arrived of it is lost: choose it again");
    else if (answered) this.next(0);
  }

  ask() {
    this.question = `${this.mark}:${this.sent}:${++this.questions}`;
    this.trigger({ upload: this.mark, ask: this.question });
    this.wait();
  }

  wait() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.area.isConnected && this.ask(), PATIENCE);
  }

  stop(why) {
    clearTimeout(this.waiting);
    this.problem.textContent = `${this.file.name} cannot be read: ${why}`;
    this.file = null;
    this.label.hidden = false;
    this.bar.hidden = true;
    this.input.value = "";
  }

  begin(file) {
    this.problem.textContent = "";
    if (!file || this.file) return;
    if (file.size > this.largest) {
      this.problem.textContent =
        `${file.name} has ${megabytes(file.size)}; at most ${megabytes(this.largest)} are taken. ${this.advice}`;
      this.input.value = "";
      return;
    }
    this.file = file;
    this.ahead = null;
    this.questions = 0;
    this.mark = [...crypto.getRandomValues(new Uint8Array(8))].join("");
    this.label.hidden = true;
    this.bar.hidden = false;
    this.next(0);
  }

  read(offset) {
    return encoded(this.file.slice(offset, offset + PIECE));
  }

  async next(offset) {
    this.sent = offset;
    this.question = "";
    this.bar.value = this.file.size ? offset / this.file.size : 1;
    this.word.textContent = `${this.file.name}: ${megabytes(offset)} of ${megabytes(this.file.size)}`;
    if (offset >= this.file.size && offset > 0) return;
    try {
      const data = await (this.ahead?.offset === offset ? this.ahead.data : this.read(offset));
      this.ahead = { offset: offset + PIECE, data: this.read(offset + PIECE) };
      this.ahead.data.catch(() => {}); // it is met when it is asked for
      this.trigger({ upload: this.mark, name: this.file.name, size: this.file.size, offset, data });
      this.wait();
    } catch (error) {
      this.stop(error.message);
    }
  }
}

export default function (component) {
  const root = component.parentElement.querySelector(".root");
  if (!uploads.has(root)) uploads.set(root, new Upload(root));
  uploads.get(root).update(component);
}
