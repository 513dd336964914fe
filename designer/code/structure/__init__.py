"""The structure of a graph, read from its paths and wiring: what repeats, what differs.

Nothing here knows a template. Parts (``tree``) with the same layers and wiring become one
function (``functions``); what differs between them becomes its arguments (``parameters``).
"""
