"""Speed and quality in figures: `python -m benchmarks.NAME --json` prints one JSON object last."""
