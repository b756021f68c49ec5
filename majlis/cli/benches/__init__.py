"""One module a benchmark, and what they share: figures, CPU clocks, an installation, mail and visitors."""
