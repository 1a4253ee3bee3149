from __future__ import annotations

import pytest

from handbill.policy.code_owners import MARK, UnwritablePath, code_owners, is_generated
from handbill.policy.owners import Owned, Ownership

PLATFORM = Owned("the platform", ("@shop/platform",))
FOLDERS = {
    "tenants/b": Owned("tenant b", ("@b", "@c")),
    "tenants/a": Owned("tenant a", ("@a",)),
    "tenants/inherits": Owned("tenant inherits", ("@shop/platform",)),
    "blueprints/nobodys": Owned("blueprint nobodys"),
}


def lines(ownership: Ownership, subfolder: str = "") -> list[list[str]]:
    text = code_owners(ownership, subfolder)
    assert text.startswith(MARK) and text.endswith("\n") and is_generated(text)
    return [line.split(" ", 1) for line in text.splitlines()[1:]]


def test_the_platform_first_and_then_by_name() -> None:
    found = [[each[0], each[1].strip()] for each in lines(Ownership(PLATFORM, FOLDERS))]
    assert found == [["*", "@shop/platform"], ["/tenants/a/", "@a"], ["/tenants/b/", "@b @c"]]


def test_without_a_platform_only_folders() -> None:
    text = code_owners(Ownership(Owned("the platform"), {"tenants/a": FOLDERS["tenants/a"]}))
    assert text == f"{MARK}\n/tenants/a/ @a\n"
    assert code_owners(Ownership(Owned("the platform"), {})) == f"{MARK}\n"


def test_a_configuration_below_the_top() -> None:
    text = code_owners(Ownership(PLATFORM, {"tenants/a": FOLDERS["tenants/a"]}), "our config")
    assert "/our\\ config/           @shop/platform\n" in text
    assert "/our\\ config/tenants/a/ @a\n" in text


@pytest.mark.parametrize("folder", ["a[b]", "a\\b", "a\nb", "!a", "a#b"])
def test_a_folder_that_cannot_be_named(folder: str) -> None:
    with pytest.raises(UnwritablePath):
        code_owners(Ownership(PLATFORM, {}), folder)


def test_a_file_of_somebody_elses() -> None:
    assert not is_generated("* @somebody\n")
