from handbill.diagnostics.diagnostic import SourceRange
from handbill.resolve.references import (
    audiences_named_in,
    find_identity_collisions,
    identity_of,
    missing_name,
)
from handbill.source.text import SourceText

PLACE = SourceRange("tenants/green/campaigns/spring.yaml", 1, 7, 1, 13)


def named_in(text: str) -> list[tuple[str, int]]:
    source = SourceText.of_file("a.yaml", text)
    return [(name, place.column) for name, place in audiences_named_in(source)]


def test_audiences_are_found_outside_of_strings() -> None:
    text = "audiences.lapsed and customer.note != 'audiences.x' or not audiences.gold"
    assert named_in(text) == [("lapsed", 11), ("gold", 70)]
    assert named_in("customer.audiences.lapsed") == []
    assert named_in(r"customer.note == 'it\'s audiences.x' or audiences.y") == [("y", 51)]


def test_a_missing_name_lists_what_there_is() -> None:
    near = missing_name("HB430", "blueprint", "winbak", ["winback", "welcome"], PLACE, "write it")
    assert near.hint == "did you mean `winback`?"
    far = missing_name("HB430", "blueprint", "zzz", ["winback", "welcome"], PLACE, "write it")
    assert (far.hint, far.notes) == ("write it", ("there are: welcome, winback",))


def test_the_oldest_name_is_the_identity() -> None:
    assert identity_of("spring", ()) == "spring"
    assert identity_of("spring", ("easter", "lent")) == "easter"


def test_no_two_campaigns_claim_one_name() -> None:
    def campaign(
        name: str, *was: str
    ) -> tuple[str, SourceRange, tuple[tuple[str, SourceRange], ...]]:
        return name, PLACE, tuple((old, PLACE) for old in was)

    assert not list(find_identity_collisions([campaign("a", "b"), campaign("c", "d")]))
    present = list(find_identity_collisions([campaign("a", "b"), campaign("b")]))
    assert [found.message for found in present] == ["`b` is already a name of the campaign b"]
    former = list(find_identity_collisions([campaign("c", "x"), campaign("a", "x")]))
    assert [found.message for found in former] == ["`x` is already a name of the campaign a"]
    itself = list(find_identity_collisions([campaign("a", "a")]))
    assert [found.message for found in itself] == ["`a` is this campaign's present name"]
