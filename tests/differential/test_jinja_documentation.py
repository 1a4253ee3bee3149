"""The constructs of Jinja's template documentation, section by section, against Jinja2 itself.

Each construct that its pages "Template Designer Documentation" (jinja.palletsprojects.com) and the
docstrings of its filters show, and that this language has, is rendered by both and must give the same
text; each that this language leaves out must be refused, with the code that says what to write.
The names are this test's own. Jinja renders objects with autoescape and StrictUndefined.
"""

from __future__ import annotations

import datetime
import html as html_module
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import jinja2
import pytest

from handbill.language.expressions.reads import expressions_of, fields_in
from handbill.language.scope import ConstantRoot, RecordRoot, Root, Scope
from handbill.language.template import CompiledTemplate, TemplateKind, compile_template
from handbill.language.vocabulary.vocabulary import read_vocabulary
from handbill.plan.model import FieldNeed
from handbill.plan.row import compile_template as row_template
from handbill.plan.types import ListType, ObjectType, Type
from handbill.source.text import SourceText

SCHEMA = b"""{
  "type": "object",
  "required": ["id", "name", "users", "nobody", "seq", "words", "kenny", "visits", "wants_html"],
  "properties": {
    "id": {"type": "string", "maxLength": 10},
    "name": {"type": "string", "maxLength": 30},
    "nickname": {"type": "string", "maxLength": 30},
    "wants_html": {"type": "boolean"},
    "visits": {"type": "integer", "minimum": 0, "maximum": 100},
    "seq": {"type": "array", "maxItems": 9, "items": {"type": "integer", "minimum": 0, "maximum": 9}},
    "words": {"type": "array", "maxItems": 5, "items": {"type": "string", "maxLength": 20}},
    "kenny": {
      "type": "object", "required": ["sick", "dead"],
      "properties": {"sick": {"type": "boolean"}, "dead": {"type": "boolean"}}
    },
    "users": {"type": "array", "maxItems": 6, "items": {"$USER": 1}},
    "nobody": {"type": "array", "maxItems": 6, "items": {"$USER": 1}}
  }
}""".replace(
    b'{"$USER": 1}',
    b"""{
      "type": "object", "required": ["username", "hidden", "age", "city"],
      "properties": {
        "username": {"type": "string", "maxLength": 20},
        "hidden": {"type": "boolean"},
        "age": {"type": "integer", "minimum": 0, "maximum": 150},
        "city": {"type": "string", "maxLength": 20}
      }
    }""",
)
USERS = [
    {"username": "mia", "hidden": False, "age": 41, "city": "Troy"},
    {"username": "<Ben & Co>", "hidden": True, "age": 29, "city": "Albany"},
    {"username": "zoë", "hidden": False, "age": 29, "city": "Troy"},
    {"username": "ada", "hidden": False, "age": 70, "city": "Ithaca"},
]
CUSTOMER: Mapping[str, Any] = {
    "id": "c1",
    "name": "O'Hara & <Sons>",
    "nickname": None,
    "wants_html": True,
    "visits": 7,
    "seq": [1, 2, 3, 4, 5, 6, 7, 8, 9],
    "words": ["foo", "bar", "foo", "baz"],
    "kenny": {"sick": False, "dead": True},
    "users": USERS,
    "nobody": [],
}
CONSTANTS: Mapping[str, Any] = {
    "navigation": [
        {"href": "index.html", "caption": "Index"},
        {"href": "about.html", "caption": "About"},
    ],
    "numbers": [3, 1, 2],
    "title": "My <Webpage>",
}
FILES = {
    "base.html": "<html><head>{% block head %}<title>{% block title %}{% endblock %} - My Webpage</title>"
    "{% endblock %}</head><body><div>{% block content %}{% endblock %}</div>"
    "<p>{% block footer %}&copy; the owner{% endblock %}</p></body></html>",
    "middle.html": "{% extends 'base.html' %}{% block content %}<h1>{{ params.title }}</h1>"
    "{% block inner %}{% endblock %}{% endblock %}",
    "header.html": "<h1>{{ params.title }}</h1>",
    "box.html": "<li>{{ user.username }} of {{ customer.name }}</li>",
}

VARIABLES = [
    "{{ customer.name }}",
    "{{ params.title }}",
    "{{ 'a' if customer.kenny.dead else 'b' }}",
]
COMMENTS = [
    "a{# note: nothing to see\n {% for user in customer.users %}\n ...\n {% endfor %}\n#}b",
    "{#- trimmed -#} c",
]
WHITE_SPACE = [
    "<div>\n    {% if true %}\n        yay\n    {% endif %}\n</div>\n",
    "<div>\n        {%+ if customer.wants_html %}yay{% endif %}\n</div>",
    "<div>\n    {% if customer.wants_html +%}\n        yay\n    {% endif %}\n</div>",
    "{% for item in customer.seq -%}\n    {{ item }}\n{%- endfor %}",
    "{%- if customer.wants_html -%} ... {% endif %} end",
    "  {{- customer.visits -}}  \n",
]
RAW = [
    "{{ '{{' }}",
    "{% raw %}<ul>\n{% for item in seq %}\n<li>{{ item }}</li>\n{% endfor %}\n</ul>{% endraw %}",
    "{% raw -%}   {{ x }}{%- endraw %}",
]
INHERITANCE = [
    "{% include 'base.html' %}",
    "{% extends 'base.html' %}{% block title %}Index{% endblock %}"
    "{% block head %}{{ super() }}<b>more</b>{% endblock %}"
    "{% block content %}<h1>Index</h1><p>Welcome, {{ customer.name }}.</p>{% endblock %}",
    "{% extends 'middle.html' %}{% block inner %}{{ customer.visits }}{% endblock %}",
    "{% extends 'middle.html' %}{% block title %}{{ params.title }}{% endblock %}"
    "{% block footer %}{{ super() }}!{% endblock footer %}",
]
LOOPS = [
    "<ul>{% for user in customer.users %}<li>{{ user.username }}</li>{% endfor %}</ul>",
    "{% for item in params.navigation %}<li>{{ item.href }}: {{ item.caption }}</li>{% endfor %}",
    "{% for user in customer.users %}{{ loop.index }}/{{ loop.index0 }} of {{ loop.length }}"
    "{% if loop.first %} first{% endif %}{% if loop.last %} last{% endif %}; {% endfor %}",
    "{% for user in customer.nobody %}{{ user.username }}{% else %}<em>no users found</em>{% endfor %}",
    "{% for user in customer.users %}{{ user.username }}{% else %}none{% endfor %}",
    "{% for n in params.numbers %}{% for w in customer.words %}{{ n }}{{ w }}{{ loop.index }} {% endfor %}"
    "{{ loop.index }}{% endfor %}",
    "{% for user in customer.users | rejectattr('hidden') %}{{ loop.index }}{{ user.username }} {% endfor %}",
    "{% for user in customer.users[:2] %}{{ user.username }}{% if not loop.last %}, {% endif %}{% endfor %}",
    "{% for user in customer.users %}{% if loop.index is divisibleby 2 %}even {% else %}odd {% endif %}{% endfor %}",
    "{% for user in customer.users %}{% if loop.index is divisibleby(3) %}third{% endif %}{% endfor %}",
]
CONDITIONS = [
    "{% if customer.users | count > 0 %}some{% endif %}",
    "{% if customer.kenny.sick %}Kenny is sick.{% elif customer.kenny.dead %}Oh no!{% else %}Looks okay{% endif %}",
    "{% if customer.nickname is defined %}{{ customer.nickname }}{% else %}no nickname{% endif %}",
    "{% if customer.nickname is not defined %}nameless{% endif %}",
]
ASSIGNMENTS = [
    "{% set key = customer.visits * 2 %}{{ key }}",
    "{% set key = 'a' %}{% if customer.wants_html %}{% set key = 'b' %}{% endif %}{{ key }}",
    "{% for item in customer.nobody %}{{ item.username }}{% else %}did not iterate{% endfor %}",
]
INCLUDES = [
    "{% include 'header.html' %}Body goes here.{% include 'header.html' %}",
    "{% for user in customer.users %}{% include 'box.html' %}{% endfor %}",
    "{% include 'header.html' with context %}",
]
EXPRESSIONS = [
    "{{ 'Hello World' }}{{ \"double\" }}{{ 42 }}{{ 42.5 }}",
    "{% for n in [3, 1, 2] %}{{ n }}{% endfor %}",
    "{{ 1 + 1 }} {{ 3 - 2 }} {{ 20 // 7 }} {{ 11 % 7 }} {{ 2 * 2 }} {{ -7 // 2 }} {{ -7 % 3 }}",
    "{{ customer.visits + 1 }} {{ customer.visits // 2 }} {{ customer.visits % 4 }} {{ -customer.visits }}",
    "{% if customer.visits == 7 and customer.visits != 8 and customer.visits > 6 and customer.visits >= 7"
    " and customer.visits < 8 and customer.visits <= 7 %}all{% endif %}",
    "{% if not customer.kenny.sick and (customer.kenny.dead or customer.wants_html) %}yes{% endif %}",
    "{% if 1 in [1, 2, 3] %}in{% endif %}{% if customer.visits not in [1, 2] %}not in{% endif %}",
    "{% if 'foo' in customer.words %}has foo{% endif %}",
    "{{ 'Hello ' ~ customer.name ~ '!' }}{{ customer.visits ~ '' }}",
    "{{ 'visitor' if customer.visits > 0 else 'stranger' }}",
]
FILTERS = [
    "{{ 'Hello World' | replace('Hello', 'Goodbye') }}",
    "{{ customer.nickname | default('my nickname is not defined') }}",
    "{{ customer.words | join('|') }} {{ customer.words | join(', ') }}",
    "{{ customer.users | join(', ', attribute='username') }}",
    "{{ customer.users | map(attribute='username') | join(', ') }}",
    "{{ customer.name | upper }} {{ customer.name | lower }} {{ customer.name | trim }}",
    "{{ customer.name | length }} {{ customer.users | count }} {{ customer.users | length }}",
    "{{ customer.seq | sum }} {{ customer.users | sum(attribute='age') }}",
    "{{ [1, 2, 3] | min }} {{ [1, 2, 3] | max }}",
    "{% if customer.seq | count > 0 %}{{ customer.seq | min }}{{ customer.seq | max }}{% endif %}",
    "{% if customer.words | count > 0 %}{{ customer.words | first }}{{ customer.words | last }}{% endif %}",
    "{% for w in customer.words | sort %}{{ w }} {% endfor %}",
    "{% for w in customer.words | unique %}{{ w }} {% endfor %}",
    "{% for user in customer.users | sort(attribute='age') %}{{ user.username }} {% endfor %}",
    "{% for user in customer.users | sort(attribute='username') | sort(reverse=true, attribute='age') %}"
    "{{ user.username }} {% endfor %}",
    "{% for user in customer.users | unique(attribute='city') %}{{ user.username }} {% endfor %}",
    "{% for user in customer.users | selectattr('hidden') %}{{ user.username }}{% endfor %}",
    "{% for user in customer.users | selectattr('age', '>', 30) %}{{ user.username }} {% endfor %}",
    "{% for user in customer.users | rejectattr('city', '==', 'Troy') %}{{ user.username }} {% endfor %}",
    "{% for user in customer.users | selectattr('city', 'in', ['Troy', 'Ithaca']) %}{{ user.username }} {% endfor %}",
    "{{ customer.users | selectattr('age', '<', 30) | map(attribute='age') | sum }}",
    "{{ (0 - customer.visits) | abs }}",
]

SECTIONS = {
    "variables": VARIABLES,
    "comments": COMMENTS,
    "white space": WHITE_SPACE,
    "raw": RAW,
    "inheritance": INHERITANCE,
    "for": LOOPS,
    "if": CONDITIONS,
    "assignments": ASSIGNMENTS,
    "include": INCLUDES,
    "expressions": EXPRESSIONS,
    "filters": FILTERS,
}

LEFT_OUT = {
    "a subscript with a name": "{{ customer['name'] }}",
    "a filter section": "{% filter upper %}x{% endfilter %}",
    "a call block": "{% call f() %}x{% endcall %}",
    "namespace objects": "{% set ns = namespace(found=false) %}{{ ns.found }}",
    "block assignment": "{% set navigation %}<li>Index</li>{% endset %}{{ navigation }}",
    "several targets": "{% set key, value = 1, 2 %}{{ key }}",
    "a recursive loop": "{% for item in customer.users recursive %}{{ item.username }}{% endfor %}",
    "unpacking in a loop": "{% for key, value in customer.users %}{{ key }}{% endfor %}",
    "loop.cycle": "{% for user in customer.users %}{{ loop.cycle('odd', 'even') }}{% endfor %}",
    "include that may be missing": "{% include 'nothing.html' ignore missing %}",
    "a list of templates": "{% include ['a.html', 'header.html'] %}",
    "a template named by a value": "{% extends customer.name %}",
    "digits in groups": "{{ 123_456 }}",
    "a power": "{{ 2**3 }}",
    "a dictionary": "{{ {'a': 1} }}",
    "a method": "{{ customer.name.upper() }}",
    "a global function": "{% for n in range(3) %}{{ n }}{% endfor %}",
    "marked safe": "{{ customer.name | safe }}",
    "manual escaping": "{{ customer.name | e }}",
    "do": "{% do customer.users %}",
    "break": "{% for u in customer.users %}{% break %}{% endfor %}",
    "a translation": "{% trans %}Hello{% endtrans %}",
    "a scope of its own": "{% with a = 1 %}{{ a }}{% endwith %}",
    "an autoescape scope": "{% autoescape false %}{{ customer.name }}{% endautoescape %}",
    "an undefined name": "{{ nobody_declared_this }}",
    "a value that may be missing": "{{ customer.nickname }}",
    "default for the empty text": "{{ ''|default('the string was empty', true) }}",
    "the first of perhaps nothing": "{{ customer.words | first }}",
}


def scope() -> Scope:
    vocabulary, found = read_vocabulary({"schemas/customer.schema.json": SCHEMA})
    assert not found, found
    roots: dict[str, Root] = {
        "customer": RecordRoot(vocabulary.customer, vocabulary.datasets),
        "params": ConstantRoot(dict(CONSTANTS)),
    }
    return Scope(roots)


SCOPE = scope()


class Files:
    def load(self, name: str, from_file: str) -> SourceText | None:
        text = FILES.get(name)
        return None if text is None else SourceText.of_file(f"t/{name}", text)

    def suggest(self, name: str, from_file: str) -> str | None:
        return None


def compiled(template: str, kind: TemplateKind) -> CompiledTemplate:
    return compile_template(SourceText.of_file("t/main.html", template), SCOPE, kind, Files())


def by_handbill(template: str, kind: TemplateKind) -> str:
    result = compiled(template, kind)
    assert result.ops is not None, [each.message for each in result.diagnostics]
    types: dict[tuple[str, ...], Type] = {}
    for expression in expressions_of(result.ops):
        types.update(fields_in(expression))
    needs = [
        FieldNeed(path=path[1:], type=type)
        for path, type in sorted(types.items())
        if path[0] == "customer"
    ]
    row = tuple(value_for(CUSTOMER[need.path[0]], need.type) for need in needs)
    return row_template(result.ops, needs)(row, {("run", "date"): datetime.date(2026, 12, 5)})


def value_for(value: Any, type: Type) -> Any:
    """The value as rows hold it: objects and lists as tuples."""
    match type:
        case ListType():
            return tuple(value_for(each, type.item) for each in value)
        case ObjectType():
            return tuple(value_for(value[member.name], member.type) for member in type.members)
        case _:
            return value


def by_jinja(template: str, kind: TemplateKind) -> str:
    environment = jinja2.Environment(
        autoescape=kind is TemplateKind.HTML,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        loader=jinja2.DictLoader(dict(FILES)),
    )
    environment.filters["count"] = lambda items: len(list(items))
    return environment.from_string(template).render(
        customer=thing(CUSTOMER), params=thing(CONSTANTS)
    )


def thing(value: Any) -> Any:
    if isinstance(value, Mapping):
        known = {key: thing(each) for key, each in value.items() if each is not None}
        return SimpleNamespace(**known)
    return [thing(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("kind", [TemplateKind.TEXT, TemplateKind.HTML], ids=["text", "html"])
@pytest.mark.parametrize(
    "template",
    [
        pytest.param(each, id=f"{name} {n}")
        for name, all in SECTIONS.items()
        for n, each in enumerate(all, 1)
    ],
)
def test_the_construct_means_what_it_means_in_jinja(template: str, kind: TemplateKind) -> None:
    ours, theirs = by_handbill(template, kind), by_jinja(template, kind)
    if kind is TemplateKind.HTML:
        ours, theirs = html_module.unescape(ours), html_module.unescape(theirs)
    assert ours == theirs


@pytest.mark.parametrize("construct", LEFT_OUT)
def test_a_construct_that_is_left_out_is_refused_with_what_to_write(construct: str) -> None:
    result = compiled(LEFT_OUT[construct], TemplateKind.TEXT)
    assert result.ops is None
    first = next(each for each in result.diagnostics if each.is_error)
    assert first.code.startswith("HB5") and first.range is not None
