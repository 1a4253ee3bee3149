"""Which maker draws an operation, for each kind of value."""

from __future__ import annotations

from program_dates import (
    make_date_part,
    make_day_start,
    make_days_between,
    make_default_date,
    make_default_datetime,
    make_local_date,
    make_plus_days,
)
from program_lists import (
    ENDS,
    ending,
    make_average,
    make_count,
    make_list_const,
    make_list_contains,
    make_slice,
    make_sum,
    make_text_map,
    make_text_step,
)
from program_numbers import (
    division,
    make_abs,
    make_add,
    make_default_int,
    make_length,
    make_mul,
    make_neg,
    make_sub,
)
from program_parts import (
    Maker,
    O,
)
from program_texts import (
    make_choose,
    make_concat,
    make_decimal_text,
    make_default_text,
    make_grouped_text,
    make_int_text,
    make_join,
    make_replace,
    make_truncate,
    one_text,
)
from program_truth import (
    alternatives,
    comparison,
    make_and,
    make_in,
    make_is_defined,
    make_not,
    make_or,
    text_test,
)

from handbill.plan.ir import Operation, Step

BOOLS: dict[Operation | Step, Maker] = {
    O.AND: make_and,
    O.OR: make_or,
    O.NOT: make_not,
    O.IS_DEFINED: make_is_defined,
    **{operation: comparison(operation) for operation in (O.EQ, O.NE, O.LT, O.LE, O.GT, O.GE)},
    O.IN: make_in,
    O.LIST_CONTAINS: make_list_contains,
    **{operation: text_test(operation) for operation in (O.CONTAINS, O.STARTS_WITH, O.ENDS_WITH)},
    **alternatives("bool"),
}
INTEGERS: dict[Operation | Step, Maker] = {
    O.ADD: make_add,
    O.SUB: make_sub,
    O.MUL: make_mul,
    O.NEG: make_neg,
    O.ABS: make_abs,
    **{operation: division(operation) for operation in (O.FLOOR_DIV, O.MOD, O.ROUND_DIV)},
    O.DEFAULT: make_default_int,
    O.LENGTH: make_length,
    O.COUNT: make_count,
    O.SUM: make_sum,
    O.AVERAGE: make_average,
    **{operation: ending(operation, "int") for operation in ENDS},
    O.DAYS_BETWEEN: make_days_between,
    O.DATE_PART: make_date_part,
    **alternatives("int"),
}
TEXTS: dict[Operation | Step, Maker] = {
    O.CONCAT: make_concat,
    O.INT_TEXT: make_int_text,
    O.DECIMAL_TEXT: make_decimal_text,
    O.GROUPED_TEXT: make_grouped_text,
    O.TRUNCATE: make_truncate,
    **{operation: one_text(operation) for operation in (O.TRIM, O.LOWER, O.UPPER, O.TITLE)},
    O.REPLACE: make_replace,
    O.CHOOSE: make_choose,
    O.DEFAULT: make_default_text,
    **{operation: ending(operation, "text") for operation in ENDS},
    O.JOIN: make_join,
    **alternatives("text"),
}
DATE_MAKERS: dict[Operation | Step, Maker] = {
    O.PLUS_DAYS: make_plus_days,
    O.DEFAULT: make_default_date,
    O.LOCAL_DATE: make_local_date,
    **{operation: ending(operation, "date") for operation in ENDS},
    **alternatives("date"),
}
DATETIME_MAKERS: dict[Operation | Step, Maker] = {
    O.DAY_START: make_day_start,
    O.DEFAULT: make_default_datetime,
    **{operation: ending(operation, "datetime") for operation in ENDS},
    **alternatives("datetime"),
}
LISTS: dict[Operation | Step, Maker] = {
    Step.MAP: make_text_map,
    **dict.fromkeys((Step.SELECT, Step.SORT, Step.UNIQUE), make_text_step),
    O.SLICE: lambda g, depth, facts: (
        make_slice(g, depth, facts) if g.random.random() < 0.7 else make_list_const(g, depth, facts)
    ),
    **alternatives("list"),
}
