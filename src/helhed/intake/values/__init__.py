"""Cells of text to values, strictly in Danish formats."""
