"""A diff for people and programs: each renderer shows the same values."""
