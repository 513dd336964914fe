// Lets the parts of the page ask the server one after another; shared by those that ask unasked.
//
// Streamlit sends what is asked within one task of the browser as one message, which draws only
// one part of the page anew: what another asked at the same moment would never be answered.
const TURN = 20; // milliseconds between two
const TURNS = Symbol.for("model designer: turns"); // each part has a module of its own

const inTurn = (ask) => {
  globalThis[TURNS] = (globalThis[TURNS] ?? Promise.resolve()).then(() => {
    ask();
    return new Promise((done) => { setTimeout(done, TURN); });
  }).catch(console.error);
};
