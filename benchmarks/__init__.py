"""Measurements as ratios against a peer or a physical floor, taken in one run: `make bench`."""
