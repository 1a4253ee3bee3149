"""What must hold for every object of a release, whatever its fields."""

import msgspec
import pytest

from handbill.plan import ir, model, pointer, types


def structs():
    for module in (types, ir, model, pointer):
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, msgspec.Struct):
                yield value


@pytest.mark.parametrize("struct", sorted(set(structs()), key=lambda one: one.__name__))
def test_every_default_that_is_omitted_is_one_object_in_cpython(struct):
    if not struct.__struct_config__.omit_defaults:
        return
    for default in struct.__struct_defaults__:
        small = isinstance(default, int) and -5 <= default <= 256
        factory = type(default).__name__ == "Factory"
        empty = factory or default in ((), "")
        assert default is None or default is msgspec.NODEFAULT or small or empty, default


def test_unknown_fields_are_refused():
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        msgspec.json.decode(b'{"count":1,"seconds":2,"minutes":3}', type=model.Rate)


def test_objects_are_frozen():
    with pytest.raises(AttributeError):
        model.Rate(count=1, seconds=2).count = 3
