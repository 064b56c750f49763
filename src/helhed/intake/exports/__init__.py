"""What is declared of exports: presets, the tables they feed, systems, the generic workbook, the folder."""
