from __future__ import annotations

from handbill.publish.trouble import diagnostic_of
from handbill.store.errors import NotInStore


def test_an_error_of_the_store_becomes_a_diagnostic() -> None:
    found = diagnostic_of(NotInStore("it is missing", "publish again"))
    assert (found.code, found.message, found.hint) == ("HB804", "it is missing", "publish again")
    assert found.is_error
