"""Draw the state diagrams of docs/flows from the flow code: ``python -m scripts.draw_flows``.

Nothing is parsed. Every event is given to every state that can be reached, and what ``advance`` answers is drawn, so a
diagram can't say what the code does not do. ``tests/test_flow_diagrams.py`` fails where a committed page differs.
"""
