"""GSM 03.38 as 3GPP TS 23.038 prints it: 127 characters and an escape, and ten more by the escape."""

from __future__ import annotations

import pytest

from handbill.plan.alphabets import ALPHABETS, GSM, GSM_DEFAULT, GSM_EXTENSION, LINK, is_within
from handbill.plan.escapes import escape_text
from handbill.plan.ir import Escape


def test_the_default_alphabet_has_a_place_for_each_of_seven_bits_but_the_escape() -> None:
    assert len(GSM_DEFAULT) == 127
    assert len(GSM_EXTENSION) == 10
    assert not GSM_DEFAULT & GSM_EXTENSION


@pytest.mark.parametrize("character", "ÇéèùìòàÄäñ¿¡€[]~\n\rΩ")
def test_what_an_sms_can_hold(character: str) -> None:
    assert character in GSM


@pytest.mark.parametrize("character", "çêáíóúëôÀ’“”…–—`\t\u00a0ω\u0327")
def test_what_makes_all_of_it_ucs_2(character: str) -> None:
    assert character not in GSM


def test_a_text_is_within_an_alphabet_when_all_of_it_is() -> None:
    assert is_within("José", "gsm") is True
    assert is_within("Zoë", "gsm") is False
    assert is_within("Zoë", None) is True
    assert is_within("", "link") is True
    assert is_within("https://a.example/u/0", "link") is True
    assert is_within("https://a.example/?u=0", "link") is False


@pytest.mark.parametrize("escape", Escape)
def test_a_made_link_stands_the_same_in_every_text(escape: Escape) -> None:
    text = "".join(sorted(LINK))
    if escape in (Escape.NONE, Escape.HEADER, Escape.HTML_TEXT, Escape.HTML_ATTRIBUTE):
        assert escape_text(text, escape) == text
    assert LINK < GSM_DEFAULT
    assert ALPHABETS["link"] == LINK
