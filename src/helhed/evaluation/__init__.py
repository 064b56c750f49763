"""Evaluation: a comparison group from the register, effects with their uncertainty, and the theory of change."""
