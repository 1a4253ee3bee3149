from __future__ import annotations

import inspect
import re

from handbill.store import errors


def test_every_error_has_a_code_of_its_own() -> None:
    kinds = [
        kind
        for _, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, errors.StoreError) and kind is not errors.StoreError
    ]
    codes = [kind.code for kind in kinds]
    assert len(kinds) > 10
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"HB8\d\d", code) for code in codes)


def test_an_error_keeps_what_to_say_and_what_to_do() -> None:
    error = errors.NotInStore("it is missing", "publish again")
    assert (str(error), error.message, error.hint) == ("it is missing",) * 2 + ("publish again",)
