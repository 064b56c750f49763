"""A preset proposed for a file that none reads."""
