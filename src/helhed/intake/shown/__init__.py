"""What the municipality sees of a reading: sentences, tables and Excel lists."""
