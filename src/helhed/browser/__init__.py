"""Calculators that run in the reader's browser: nothing but the standard library is loaded."""
