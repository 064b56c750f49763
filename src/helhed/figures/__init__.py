"""Tables to figures: one module per stage, one style for all."""
