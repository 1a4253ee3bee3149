import msgspec
import pytest

from handbill.plan.types import (
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumType,
    IntType,
    ListType,
    StringType,
    Type,
)


@pytest.mark.parametrize(
    ("type", "text"),
    [
        (BoolType(), '{"type":"bool"}'),
        (IntType(0, 9), '{"maximum":9,"minimum":0,"type":"int"}'),
        (DecimalType(2, -5, 5), '{"maximum":5,"minimum":-5,"scale":2,"type":"decimal"}'),
        (StringType(9), '{"maximum":9,"type":"string"}'),
        (EnumType(("a", "b")), '{"type":"enum","values":["a","b"]}'),
        (DateType(), '{"type":"date"}'),
        (DatetimeType(), '{"type":"datetime"}'),
        (ListType(DateType(), 3), '{"item":{"type":"date"},"maximum":3,"type":"list"}'),
    ],
)
def test_the_spelling_of_each_type(type, text):
    assert msgspec.json.encode(type, order="sorted").decode() == text
    assert msgspec.json.decode(text, type=Type) == type


def test_there_is_no_list_of_lists():
    nested = '{"item":{"item":{"type":"bool"},"maximum":1,"type":"list"},"maximum":1,"type":"list"}'
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(nested, type=Type)
