"""`handbill new`: what it writes passes check and test at once, and no file that exists is changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from handbill.cli.check import check
from handbill.cli.init import init
from handbill.cli.new import new
from handbill.cli.test import test as test_command

ROOT = Path(__file__).parents[3]
BASE = ROOT / "tests" / "golden" / "base"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    made = CliRunner().invoke(init, [str(folder), "--no-git"], catch_exceptions=False)
    assert made.exit_code == 0
    return folder


def ask(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(new, [*arguments, "--root", str(folder)], catch_exceptions=False)


def passes(folder: Path) -> str:
    checked = CliRunner().invoke(check, ["--root", str(folder)], catch_exceptions=False)
    assert checked.exit_code == 0, checked.output
    tested = CliRunner().invoke(test_command, ["--root", str(folder)], catch_exceptions=False)
    assert tested.exit_code == 0, tested.output
    return checked.stdout


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_tenant_and_its_campaigns(shop: Path) -> None:
    flags = ["--name", "Brot & Butter", "--locale", "de-DE", "--timezone", "Europe/Berlin"]
    made = ask(shop, "tenant", "bakery", *flags)
    assert made.exit_code == 0, made.output
    assert made.stdout.splitlines() == [
        "written: tenants/bakery/tenant.yaml",
        "written: tenants/bakery/data/stores.csv",
        "next: handbill new campaign bakery/NAME",
        "before anything is sent: see that the postal address and the senders in "
        "tenants/bakery/tenant.yaml are your own",
    ]
    assert ask(shop, "campaign", "bakery/hello").exit_code == 0
    assert "2 campaigns of 2 tenants: no findings" in passes(shop)


@pytest.mark.parametrize(
    "trigger", ["30 7 * * MON-FRI", "2026-12-24T18:00", "publish", "0 0 29 2 *"]
)
def test_every_kind_of_trigger(shop: Path, trigger: str) -> None:
    made = ask(shop, "campaign", "shop/hello", "--trigger", trigger)
    assert made.exit_code == 0 and "written: tenants/shop/tests/hello.yaml" in made.stdout
    text = (shop / "tenants/shop/campaigns/hello.yaml").read_text("utf-8")
    assert trigger in text and "status: draft" in text
    passes(shop)


def test_another_category_asks_for_its_own_consent(shop: Path) -> None:
    assert ask(shop, "campaign", "shop/notice", "--category", "service").exit_code == 0
    passes(shop)
    refused = ask(shop, "campaign", "shop/other", "--category", "servce")
    assert refused.exit_code == 1 and "service" in refused.stderr


def test_a_blueprints_campaign_says_what_may_be_changed(shop: Path) -> None:
    made = ask(shop, "campaign", "shop/back", "--uses", "winback")
    assert made.exit_code == 0, made.output
    text = (shop / "tenants/shop/campaigns/back.yaml").read_text("utf-8")
    assert "uses: winback\nstatus: draft\n" in text
    assert "you may also change: message, experiment, trigger, audience.include" in text
    assert "#   discount: 10\n" in text
    passes(shop)


def test_parameters_without_a_default_get_a_value(tmp_path: Path) -> None:
    """This project's own retailers: a blueprint that wants a theme and a list of specials."""
    folder = tmp_path / "config"
    for name in ("handbill.yaml", "fields.yaml"):
        folder.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    kept = ("blueprints", "channels", "environments", "groups", "personas", "schemas")
    for name in (*kept, "tenants/fresh-fields"):
        shutil.copytree(ROOT / name, folder / name)
    made = ask(folder, "campaign", "fresh-fields/ad", "--uses", "weekly-ad")
    assert made.exit_code == 0, made.output
    text = (folder / "tenants/fresh-fields/campaigns/ad.yaml").read_text("utf-8")
    assert 'with:\n  theme: "to be written"\n  specials: []\n' in text
    assert ask(folder, "tenant", "corner", "--group", "harvest-co").exit_code == 0
    passes(folder)


def test_a_configuration_with_other_words(tmp_path: Path) -> None:
    """Neither the starter's layout nor its personas: the mail is written out, and no test is."""
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    made = ask(tmp_path, "campaign", "fresh-fields/thanks")
    assert made.exit_code == 0, made.output
    assert made.stdout.startswith("written: tenants/fresh-fields/campaigns/thanks.yaml\nnext: ")
    assert (
        "unsubscribe_url" in (tmp_path / "tenants/fresh-fields/campaigns/thanks.yaml").read_text()
    )
    passes(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["tenant", "Bäckerei"], 1, "= help: backerei"),
        (["tenant", "shop"], 1, "HB752"),
        (["tenant", "bakery", "--group", "harvst"], 1, "write groups/NAME/group.yaml first"),
        (["tenant", "bakery", "--channel", "emial"], 1, "did you mean `email`?"),
        (["tenant", "bakery", "--channel", "push"], 1, "give it a provider"),
        (["tenant", "bakery", "--timezone", "Berlin"], 1, "HB305"),
        (["tenant", "--", "-x"], 1, "HB751"),
        (["campaign", "shp/hello"], 1, "did you mean `shop`?"),
        (["campaign", "shop/Hello World"], 1, "= help: hello-world"),
        (["campaign", "shop/../../x"], 1, "HB751"),
        (["campaign", "shop/thank-you"], 1, "tenants/shop/campaigns/thank-you.yaml"),
        (["campaign", "shop/x", "--uses", "winbak"], 1, "did you mean `winback`?"),
        (["campaign", "shop/x", "--uses", "winback", "--trigger", "publish"], 2, "blueprint"),
        (["campaign", "shop/x", "--trigger", "every day"], 2, "is no trigger"),
        (["campaign", "shop/x", "--trigger", '0 9 * * MON"}'], 2, "is no trigger"),
        (["campaign", "hello"], 2, "TENANT/NAME"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(
    shop: Path, arguments: list[str], code: int, said: str
) -> None:
    before = files(shop)
    separator = arguments.index("--") if "--" in arguments else len(arguments)
    given = [*arguments[:separator], "--root", str(shop), *arguments[separator:]]
    refused = CliRunner().invoke(new, given, catch_exceptions=False)
    assert refused.exit_code == code and said in refused.stderr, refused.output
    assert files(shop) == before


def test_a_language_that_a_blueprint_lacks_is_said_before(shop: Path) -> None:
    ask(shop, "tenant", "bakery", "--locale", "de-DE", "--timezone", "Europe/Berlin")
    refused = ask(shop, "campaign", "bakery/back", "--uses", "winback")
    assert refused.exit_code == 1 and "no de-DE version" in refused.stderr
    assert not (shop / "tenants/bakery/campaigns").exists()


def test_old_mistakes_do_not_count_against_it(shop: Path) -> None:
    broken = shop / "tenants/shop/campaigns/broken.yaml"
    broken.write_text("uses: winback\nsubjekt: x\n")
    assert ask(shop, "campaign", "shop/hello").exit_code == 0
    (shop / "schemas/customer.schema.json").write_text("{")
    assert ask(shop, "campaign", "shop/more").exit_code == 0


def test_without_a_configuration_it_says_so(tmp_path: Path) -> None:
    refused = ask(tmp_path, "tenant", "shop")
    assert refused.exit_code == 1 and "HB114" in refused.stderr
    (tmp_path / "handbill.yaml").write_text("categories: {promotions: {class: marketing}}\n")
    without = ask(tmp_path, "tenant", "shop")
    assert without.exit_code == 1 and "no channel has a provider" in without.stderr


def test_a_file_that_cannot_be_written_takes_the_others_with_it(shop: Path) -> None:
    shutil.rmtree(shop / "tenants/shop/tests")
    (shop / "tenants/shop/tests").write_text("a file where a folder has to be")
    before = files(shop)
    with pytest.raises(OSError, match="tests"):
        ask(shop, "campaign", "shop/hello")
    assert files(shop) == before
