"""Files are written together or not at all, on a real disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from handbill.authoring.placing import add_files, move_into_place, staged, write_below


def files_in(folder: Path) -> dict[str, str]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text() for path in found}


def test_a_new_folder_is_there_whole(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "new"
    with staged(target) as folder:
        write_below(folder, {"a.yaml": b"a", "b/c.yaml": b"c"})
        assert not target.exists()
        move_into_place(folder, target)
    assert files_in(tmp_path) == {"deep/new/a.yaml": "a", "deep/new/b/c.yaml": "c"}


def test_what_was_given_up_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), staged(tmp_path / "deep" / "new") as folder:
        write_below(folder, {"a.yaml": b"a"})
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_into_a_folder_that_is_there_and_what_stands_in_it_stays(tmp_path: Path) -> None:
    (tmp_path / "README").write_text("mine")
    with staged(tmp_path) as folder:
        write_below(folder, {"a.yaml": b"a", "b/c.yaml": b"c"})
        move_into_place(folder, tmp_path)
    assert files_in(tmp_path) == {"README": "mine", "a.yaml": "a", "b/c.yaml": "c"}


def test_all_is_taken_back_where_one_entry_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "c").write_text("mine")
    with pytest.raises(FileExistsError), staged(tmp_path) as folder:
        write_below(folder, {"a.yaml": b"a", "b/d.yaml": b"d", "c": b"c"})
        move_into_place(folder, tmp_path)
    assert files_in(tmp_path) == {"c": "mine"}


def test_added_files_never_replace_one(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("mine")
    with pytest.raises(FileExistsError):
        add_files(tmp_path, {"new/a.yaml": b"a", "b.yaml": b"b"})
    assert [path.name for path in tmp_path.iterdir()] == ["b.yaml"]
    assert (tmp_path / "b.yaml").read_text() == "mine"
    add_files(tmp_path, {"new/a.yaml": b"a"})
    assert files_in(tmp_path) == {"b.yaml": "mine", "new/a.yaml": "a"}
