"""Runs the steps in order, keeps their hand-overs and builds the book: the one place that writes."""
