import pytest

from handbill.resolve.patterns import covers, dotted, overlaps, parse_pattern


@pytest.mark.parametrize(
    ("pattern", "path", "covered", "overlapping"),
    [
        ("limits", ("limits", "quiet_hours", "sms"), True, True),
        ("limits.quiet_hours", ("limits", "quiet_hours"), True, True),
        ("limits.quiet_hours", ("limits",), False, True),
        ("limits.quiet_hours", ("limits", "per_customer"), False, False),
        ("categories.*.class", ("categories", "service", "class"), True, True),
        ("categories.*.class", ("categories", "service", "consent"), False, False),
        ("message.email", ("messages", "main", "email", "subject"), True, True),
        ("messages", ("messages", "main", "email"), True, True),
        ("message", ("messages", "second", "email"), False, False),
    ],
)
def test_a_pattern_covers_its_path_and_all_below_it(
    pattern: str, path: tuple[str, ...], covered: bool, overlapping: bool
) -> None:
    assert covers(parse_pattern(pattern), path) is covered
    assert overlaps(parse_pattern(pattern), path) is overlapping


def test_paths_read_as_people_write_them() -> None:
    assert (
        dotted(("messages", "main", "email", "subject", "en-US")) == "message.email.subject.en-US"
    )
    assert dotted(("messages", "hello")) == "messages.hello"
    assert dotted(("offer", 0, "use")) == "offer.0.use"
