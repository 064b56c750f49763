"""Large invented files for the benchmarks: written in seconds, the same for the same seed."""
