"""Numbers of things, in words: `1 customer`, `2 customers`."""


def how_many(number: int, noun: str) -> str:
    """`noun` is one of them, and more have an s; thousands as they come: 1200."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
