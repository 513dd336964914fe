"""Pieces of a page: controls, drawings, tables, curves. They know Streamlit; pages know them."""
