"""Source frames to canonical tables."""
