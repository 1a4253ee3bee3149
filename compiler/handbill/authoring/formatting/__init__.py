"""How files are always written: `handbill fmt`."""
