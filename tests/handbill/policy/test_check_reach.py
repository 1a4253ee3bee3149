from __future__ import annotations

from policy_world import HELLO, PLATFORM, campaign, compiled

from handbill.policy.check_reach import check_reach

SMS = '  sms: {body: "The market hall opens at ten"}\n'


def test_it_is_told_at_the_campaigns_line() -> None:
    text = campaign(
        more='window: "09:00-10:00"\nlimits: {quiet_hours: {sms: "08:00-11:00"}}\n', message=SMS
    )
    (found,) = check_reach(compiled({HELLO: text}))
    assert (found.code, str(found.range), found.tenant) == ("HB711", f"{HELLO}:5:9", "fresh-fields")
    assert found.notes == ("quiet hours 08:00-11:00", "window 09:00-10:00")


def test_nothing_compiled_nothing_said() -> None:
    assert check_reach(compiled({PLATFORM: "categories: {}\n"})) == ()
    assert check_reach(compiled({})) == ()


def test_only_what_concerns_is_asked() -> None:
    made = compiled({HELLO: campaign(more="ends: 2026-12-01T00:00\n")})
    assert len(check_reach(made, lambda file: file == HELLO)) == 1
    assert check_reach(made, lambda file: file == PLATFORM) == ()
