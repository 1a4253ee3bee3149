"""What is counted as left out, and when data can be used at all."""

from __future__ import annotations

from handbill.cli.dataset_report import DatasetReport, Quarantined


def test_left_out_are_the_quarantined_and_those_that_share_a_key() -> None:
    wrong = Quarantined("spend", 3, ("a", "b", "c")), Quarantined("id, spend", 2, ("",))
    unread = (Quarantined("name", 7, ()),)
    report = DatasetReport("corner", "customers", rows=20, quarantined=wrong, duplicates=4)
    assert report.left_out == 9
    assert DatasetReport("corner", "customers", unread=unread).left_out == 0


def test_a_fault_makes_it_useless() -> None:
    assert DatasetReport("corner", "customers").is_usable
    assert not DatasetReport("corner", "customers", fault="there is no file").is_usable
