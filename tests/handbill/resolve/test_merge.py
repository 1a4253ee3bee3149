"""The laws over a small table of their own: the merge knows no field by name."""

from collections.abc import Callable

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.resolve.layers import Layer, Origin
from handbill.resolve.merge import Cell, merge, nest
from handbill.resolve.writes import writes_at
from handbill.schema.laws import Law
from handbill.source.located import LocatedDocument, Path, Value

Parse = Callable[[str, str], LocatedDocument]

LAWS = {
    ("exclude",): Law.ADD,
    ("caps",): Law.STRICTEST,
    ("quiet",): Law.UNION,
    ("holdout",): Law.LARGEST,
    ("trigger",): Law.ATOM,
    ("message", "subject"): Law.ATOM,
}


def law_of(path: Path) -> Law:
    return next((law for start, law in LAWS.items() if path[: len(start)] == start), Law.MERGE)


def merged(parse: Parse, *layers: str) -> tuple[dict[Path, Cell], tuple[Diagnostic, ...]]:
    """Each text is one layer, lowest first."""
    writes = []
    for layer, text in zip(Layer, layers, strict=False):
        document = parse(f"{layer}.yaml", text)
        assert isinstance(document.value, dict)
        for name in document.value:
            origin = Origin(layer, "", (name,), document)
            writes.extend(writes_at(origin, (name,), law_of))
    return merge(writes, law_of)


def value_of(parse: Parse, *layers: str) -> dict[str, Value]:
    cells, diagnostics = merged(parse, *layers)
    assert not diagnostics
    return nest(cells)


def test_maps_keyed_by_name_merge(parse: Parse) -> None:
    assert value_of(
        parse,
        "message: {subject: Hello, body: Long}",
        "message: {body: Short, image: a.png}",
    ) == {"message": {"subject": "Hello", "body": "Short", "image": "a.png"}}


def test_atoms_replace_whole(parse: Parse) -> None:
    assert value_of(
        parse,
        "trigger: {cron: 0 10 * * TUE, timezone: tenant}\nmessage: {subject: {en: Hi, fr: Salut}}",
        "trigger: {at: 2026-12-05T10:00}\nmessage: {subject: {en: Hey}}",
    ) == {"trigger": {"at": "2026-12-05T10:00"}, "message": {"subject": {"en": "Hey"}}}


def test_null_removes_an_entry_and_what_is_below(parse: Parse) -> None:
    assert value_of(
        parse,
        "message: {subject: Hello, body: Long}\ntrigger: {at: x}",
        "message: null",
        "message: {image: a.png}\ntrigger: null",
    ) == {"message": {"image": "a.png"}}


def test_a_removed_entry_remembers_who_removed_it(parse: Parse) -> None:
    cells, _ = merged(parse, "tags: [a]", "tags: null")
    cell = cells["tags",]
    assert cell.value is None
    assert [write.origin.file for write in cell.history] == ["platform.yaml", "channel.yaml"]


def test_tightening_fields_take_the_strictest_of_all(parse: Parse) -> None:
    assert value_of(
        parse,
        "caps: 4 per 7 days\nquiet: {sms: '21:00-08:00'}\nholdout: 2%\nexclude: {staff: a}",
        "caps: 30 per 7 days\nquiet: {sms: '12:00-13:00', push: '22:00-07:00'}\nholdout: 1%",
        "caps: 1 per 1 day\nexclude: {minors: b}",
    ) == {
        "caps": ["1 per 1 day", "4 per 7 days"],
        "quiet": {"sms": ["12:00-13:00", "21:00-08:00"], "push": ["22:00-07:00"]},
        "holdout": "2%",
        "exclude": {"staff": "a", "minors": "b"},
    }


def test_each_gathered_item_keeps_its_own_origin(parse: Parse) -> None:
    cells, _ = merged(parse, "caps: 4 per 7 days", "caps: [1 per 1 day, 9 per 2 days]")
    places = [str(write.origin.range) for write in cells["caps",].deciding]
    assert places == ["channel.yaml:1:8", "channel.yaml:1:21", "platform.yaml:1:7"]


def test_law_three_wins_over_null(parse: Parse) -> None:
    cells, diagnostics = merged(
        parse, "holdout: 2%\nexclude: {staff: a}", "holdout: null\nexclude: {staff: null}"
    )
    assert nest(cells) == {"holdout": "2%", "exclude": {"staff": "a"}}
    assert [diagnostic.code for diagnostic in diagnostics] == ["HB412", "HB412"]
    assert diagnostics[1].message == (
        "`exclude.staff` cannot be removed here: it was set at platform.yaml:2"
    )
    assert str(diagnostics[1].range) == "channel.yaml:2:18"


def test_null_of_a_whole_map_keeps_its_tightening_parts(parse: Parse) -> None:
    cells, diagnostics = merged(parse, "exclude: {staff: a, minors: b}", "exclude: null")
    assert nest(cells) == {"exclude": {"staff": "a", "minors": "b"}}
    assert len(diagnostics) == 2


def test_an_exclusion_cannot_be_rewritten_under_its_name(parse: Parse) -> None:
    cells, diagnostics = merged(parse, "exclude: {staff: a}", "exclude: {staff: b}")
    assert nest(cells) == {"exclude": {"staff": "a"}}
    assert [(found.code, found.hint) for found in diagnostics] == [
        ("HB413", "use another name, such as `staff_2`: both then apply")
    ]
    assert str(diagnostics[0].related[0].range) == "platform.yaml:1:11"


def test_the_same_exclusion_twice_is_fine(parse: Parse) -> None:
    assert value_of(parse, "exclude: {staff: a}", "exclude: {staff: a}") == {
        "exclude": {"staff": "a"}
    }


def test_a_value_that_its_law_cannot_compare_is_refused(parse: Parse) -> None:
    cells, (found,) = merged(parse, "caps: 3 per 7 days", "caps: twice a week")
    assert nest(cells) == {"caps": ["3 per 7 days"]}
    assert (found.code, str(found.range)) == ("HB419", "channel.yaml:1:7")
    assert found.hint == "N per N days"
