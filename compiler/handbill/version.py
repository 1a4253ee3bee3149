"""Which Handbill this is: the version of pyproject.toml, as a word in the code.

Asking the installed package for it takes longer than everything else that `--version` does.
"""

VERSION = "0.1.0"
