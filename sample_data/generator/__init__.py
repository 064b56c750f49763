"""Makes invented municipalities in the shape of real exports; run through ``make_sample.py``."""
