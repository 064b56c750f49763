"""Runs notebooks fast: cells in a forked copy of a warm process, outputs as a Jupyter kernel would give them.

Import-light on purpose: papermill loads every registered engine when it is imported.
"""
