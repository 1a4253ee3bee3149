from __future__ import annotations

from handbill.diff.model import (
    AudienceChange,
    AudienceCounts,
    ClauseChange,
    ContentChange,
    Entry,
    FieldChange,
    Forecast,
    Held,
    PartDiff,
    ReleaseDiff,
    SettingsChange,
    SharedChange,
    Side,
    Stretch,
    Subject,
    TextChange,
    TimingChange,
    Witness,
)
from handbill.diff.renderers.text import render_text

NO, YES = Witness(answer="no"), Witness(answer="yes", customer={"points": 3})
BASE = Side(label="main", digest="sha256:" + "1" * 64, commit="a" * 40)
HEAD = Side(label="working tree", digest="sha256:" + "2" * 64)
ESCAPE = "\x1b[31m"


def entry(*aspects, kind="changed", names=("hello",), marketing=True) -> Entry:
    subjects = tuple(Subject(tenant="fresh-fields", campaign=name) for name in names)
    return Entry(kind=kind, subjects=subjects, aspects=aspects, marketing=marketing)


def diff(*entries: Entry, **more) -> ReleaseDiff:
    changed = sum(len(each.subjects) for each in entries)
    fields = {"base": BASE, "head": HEAD, "at": "2026-11-24T12:00:00Z", "identical": 7, **more}
    return ReleaseDiff(entries=entries, plans=changed + 7, changed=changed, **fields)


def audience(relation, **more) -> AudienceChange:
    clause = ClauseChange(name="include", before="customer.points > 1", after="customer.points > 5")
    fields = {"lost": NO, "gained": NO, "kept": YES, "clauses": (clause,), **more}
    return AudienceChange(relation=relation, **fields)


def shown(*entries: Entry, **more) -> list[str]:
    return render_text(diff(*entries, **more)).splitlines()


def test_nothing() -> None:
    assert shown()[0] == "nothing changes for customers; 7 plans are identical"


def test_both_releases_are_named_by_their_digests() -> None:
    assert shown()[-2:] == [
        f"base  main          {'a' * 12}  sha256:{'1' * 64}",
        f"head  working tree                sha256:{'2' * 64}",
    ]


def test_an_audience_with_who_leaves_and_counts() -> None:
    counts = AudienceCounts(
        before=1200, after=900, joining=0, leaving=300, reached_before=800, reached_after=600
    )
    lines = shown(entry(audience("narrowed", lost=YES, counts=counts)))
    assert lines[2:] == [
        "fresh-fields/hello changes",
        "  audience: fewer customers: nobody new, and some no longer",
        "    include: customer.points > 1 → customer.points > 5",
        '    who leaves, for example: {"points": 3}',
        "    1,200 → 900 customers: 0 join, 300 leave; 800 → 600 reached",
        *lines[-3:],
    ]


def test_only_a_limit_differs() -> None:
    limit = (ClauseChange(name="limit", before="", after="500"),)
    lines = shown(entry(audience("equal", clauses=limit)))
    assert "  audience: the same customers, but a limit cuts among them differently" in lines


def test_long_rules_stand_below_one_another() -> None:
    clause = ClauseChange(name="include", before="a" * 60, after="b" * 60)
    lines = shown(entry(audience("mixed", clauses=(clause,))))
    assert [f"      - {'a' * 60}", f"      + {'b' * 60}"] == lines[5:7]


def test_many_campaigns_are_named_up_to_a_number() -> None:
    fields = (FieldChange(field="priority", before="50", after="60"),)
    names = tuple(f"c{number:02}" for number in range(14))
    lines = shown(entry(SettingsChange(about="limits", fields=fields), names=names))
    assert lines[0] == "14 campaigns of fresh-fields change; 7 plans are identical"
    assert lines[2] == "14 campaigns change in the same way:"
    assert lines[3].endswith("fresh-fields/c11 and 2 more")


def test_what_starts_tells_all_of_itself() -> None:
    status = FieldChange(field="status", before="draft", after="active")
    rule = ClauseChange(name="include", before="", after="everyone")
    text = TextChange(
        where=(("only", "en-US"),),
        parts=(PartDiff(part="subject", stretches=(Stretch(kind="added", text="Hello"),)),),
    )
    new = (
        FieldChange(field="reentry", before="", after="never"),
        FieldChange(field="channels.email.from", before="", after="a@b.example"),
    )
    lines = shown(
        entry(
            SettingsChange(about="lifecycle", fields=(status,)),
            audience("widened", clauses=(rule,)),
            ContentChange(message="main", channel="email", where=text.where, texts=(text,)),
            TimingChange(fields=(), next_before=(), next_after=("2026-12-05T10:00",), zone="UTC"),
            SettingsChange(about="limits", fields=new),
            kind="started",
        )
    )
    assert lines[2:-3] == [
        "fresh-fields/hello starts: it was a draft, and is active",
        "  goes to everyone",
        "  email (en-US):",
        "    subject: Hello",
        "  next sends: Sat 2026-12-05 10:00 (UTC)",
        "  reentry: never",
    ]


def test_what_stops_tells_what_will_not_be_sent() -> None:
    status = FieldChange(field="status", before="active", after="")
    content = ContentChange(message="main", channel="sms", where=(("only", "en-US"),))
    timing = TimingChange(fields=(), next_before=(), next_after=(), zone="UTC")
    lines = shown(
        entry(SettingsChange(about="lifecycle", fields=(status,)), content, timing, kind="stopped")
    )
    assert lines[2:-3] == [
        "fresh-fields/hello stops: it was active, and is no longer there",
        "  sms: no longer sent",
        "  nothing was due",
    ]


def test_of_a_mail_only_lines_that_differ_are_shown() -> None:
    stretches = (
        Stretch(kind="same", text="Hello\nThis is "),
        Stretch(kind="removed", text="old"),
        Stretch(kind="added", text="new"),
        Stretch(kind="same", text=" text\nBye"),
    )
    parts = (PartDiff(part="html", stretches=stretches), PartDiff(part="text", stretches=stretches))
    text = TextChange(where=(("b", "fr-CA"),), parts=parts)
    content = ContentChange(message="main", channel="email", where=text.where, texts=(text,))
    lines = shown(entry(content))
    assert lines[3:5] == ["  email (variant b, fr-CA):", "    html: This is [-old-]{+new+} text"]
    assert lines[5] == ""


def test_what_is_shared() -> None:
    fields = tuple(FieldChange(field=f"f{n}", before="", after="x") for n in range(22))
    lines = shown(
        shared=(SharedChange(what="table", names=("ff/stores", "ll/stores"), fields=fields),)
    )
    assert lines[0] == "no campaign changes, but what they share does; 7 plans are identical"
    assert lines[2] == "the tables ff/stores, ll/stores change"
    assert lines[3] == "  f0: x (new)" and "  and 2 more" in lines


def test_errors_and_what_was_compared_instead() -> None:
    base = Side(
        label="main",
        digest=BASE.digest,
        commit="b" * 40,
        instead_of="c" * 40,
        failed=("lotus",),
        held=(Held(tenant="lotus", commit="d" * 40),),
    )
    lines = shown(base=base, not_compared=("valle",))
    assert lines[1:4] == [
        f"the base {'c' * 12} does not compile: compared with {'b' * 12}, the last that does",
        f"lotus has errors at the base: compared as it was at {'d' * 12}",
        "not compared, because of errors: valle",
    ]


def test_nothing_moves_a_terminals_cursor() -> None:
    fields = (FieldChange(field="name", before=ESCAPE, after=f"a\nb{ESCAPE}"),)
    stretches = (Stretch(kind="added", text=f"{ESCAPE}hello"),)
    text = TextChange(
        where=((ESCAPE, ESCAPE),), parts=(PartDiff(part=ESCAPE, stretches=stretches),)
    )
    found = render_text(
        diff(
            entry(
                SettingsChange(about="data", fields=fields),
                ContentChange(message=ESCAPE, channel=ESCAPE, where=text.where, texts=(text,)),
                audience("mixed", lost=Witness(answer="yes", customer={"x": ESCAPE})),
                names=(ESCAPE,),
            ),
            base=Side(label=ESCAPE, digest=None),
        )
    )
    assert "\x1b" not in found


def test_colours_where_they_are_wanted() -> None:
    fields = (FieldChange(field="priority", before="50", after="60"),)
    change = entry(SettingsChange(about="limits", fields=fields))
    assert "\x1b[31m50\x1b[0m → \x1b[32m60\x1b[0m" in render_text(diff(change), color=True)
    assert "\x1b" not in render_text(diff(change))


def test_what_happens_later() -> None:
    fields = (FieldChange(field="ends", before="", after="2026-11-27"),)
    change = entry(SettingsChange(about="delivery", fields=fields))
    (subject,) = change.subjects
    later = Forecast(
        subject=subject, at="2026-11-27T10:00", zone="America/New_York", says="its last send"
    )
    at = "  on Friday, 27 November at 10:00 (America/New_York), fresh-fields/hello: its last send"
    lines = shown(change, forecasts=(later,))
    assert lines[lines.index(at) - 1] == "nothing changes today, but"
    lines = shown(change, entry(audience("mixed")), forecasts=(later,))
    assert lines[lines.index(at) - 1] == "not today, but"


def test_where_a_campaign_goes_that_is_new_or_gone() -> None:
    def why(kind: str, before: str, after: str) -> str:
        fields = (FieldChange(field="status", before=before, after=after),)
        return shown(entry(SettingsChange(about="lifecycle", fields=fields), kind=kind))[2]

    assert why("started", "", "active").endswith("it is new, and active")
    assert why("removed", "paused", "").endswith("it was paused, and is no longer there")
    assert why("stopped", "active", "paused").endswith("it was active, and is paused")
