"""The least a Streamlit page can be that has a control and a number that follows it."""

import streamlit as st

filters = st.slider("Filters", 1, 512, 64)
st.metric("Parameters", f"{filters * 1000:,}")
