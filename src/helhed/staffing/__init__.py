"""Coordinator staffing: course, capacity, waiting, organisation, budget and who coordinates whom."""
