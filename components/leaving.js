// When a component leaves the page; shared by those that have something to end.
//
// Streamlit also calls the clean-up of a call that newer data overtook while the script was
// loading, although the component stays: only one that is off the page has left.
const onLeaving = (parentElement, leave) => () => {
  if (!(parentElement.host ?? parentElement).isConnected) leave();
};
