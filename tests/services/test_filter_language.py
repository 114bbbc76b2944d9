"""The filter language: golden cases, and a round trip of random trees through an independent printer."""

from __future__ import annotations

import contextlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh.contract.failure import Failure
from mesh.contract.filters import MAX_DEPTH, MAX_TERMS, And, Comparison, Filter, Not, Or, parse_filter

OPERATORS = ("=", "!=", "<", "<=", ">", ">=", ":")
# A value as it is written, and how it is read: a quoted one in quotes.
VALUES = {
    "x": "x",
    "42": "42",
    "-7": "-7",
    "1.5": "1.5",
    "true": "true",
    "*": "*",
    "ROLE_OWNER": "ROLE_OWNER",
    "2026-01-31": "2026-01-31",
    "2026-01-31T09:00:00Z": "2026-01-31T09:00:00Z",
    "90s": "90s",
    '"two words"': "'two words'",
    "'single'": "'single'",
    '""': "''",
    r'"a \" b"': "'a \" b'",
    r"'it\'s'": "'it's'",
    r'"back\\slash"': r"'back\slash'",
    '"AND"': "'AND'",
    '"(a=b)"': "'(a=b)'",
    '"Zoë 名"': "'Zoë 名'",
    '"pre*"': "'pre*'",
}
TREES = {
    "": "none",
    "   \t\n ": "none",
    "a=1": "a=1",
    "  a  =  1  ": "a=1",
    "a=1 b=2": "(and a=1 b=2)",
    "a=1 AND b=2": "(and a=1 b=2)",
    "a=1 b=2 c=3": "(and a=1 b=2 c=3)",
    "a=1 AND b=2 c=3": "(and a=1 b=2 c=3)",
    "a=1 OR b=2": "(or a=1 b=2)",
    "a=1 OR b=2 OR c=3": "(or a=1 b=2 c=3)",
    # OR binds tighter than AND (AIP-160).
    "a=1 AND b=2 OR c=3": "(and a=1 (or b=2 c=3))",
    "a=1 OR b=2 AND c=3": "(and (or a=1 b=2) c=3)",
    "a=1 b=2 OR c=3": "(and a=1 (or b=2 c=3))",
    "a=1 OR b=2 c=3": "(and (or a=1 b=2) c=3)",
    "a=1 OR b=2 AND c=3 OR d=4": "(and (or a=1 b=2) (or c=3 d=4))",
    "a=1 AND b=2 OR c=3 AND d=4": "(and a=1 (or b=2 c=3) d=4)",
    "a=1 b=2 OR c=3 d=4": "(and a=1 (or b=2 c=3) d=4)",
    # Parentheses.
    "(a=1)": "a=1",
    "((a=1))": "a=1",
    "( a=1 )": "a=1",
    "(a=1 AND b=2) OR c=3": "(or (and a=1 b=2) c=3)",
    "a=1 OR (b=2 AND c=3)": "(or a=1 (and b=2 c=3))",
    "a=1 OR (b=2 c=3)": "(or a=1 (and b=2 c=3))",
    "(a=1 OR b=2) AND (c=3 OR d=4)": "(and (or a=1 b=2) (or c=3 d=4))",
    "(a=1)(b=2)": "(and a=1 b=2)",
    "(a=1) b=2": "(and a=1 b=2)",
    "a=1 (b=2)": "(and a=1 b=2)",
    "a=1(b=2)": "(and a=1 b=2)",
    "(a=1 b=2) c=3": "(and (and a=1 b=2) c=3)",
    "((a=1 OR b=2) c=3) OR d=4": "(or (and (or a=1 b=2) c=3) d=4)",
    # Negation, in both spellings.
    "NOT a=1": "(not a=1)",
    "-a=1": "(not a=1)",
    "- a=1": "(not a=1)",
    "NOT (a=1)": "(not a=1)",
    "NOT(a=1)": "(not a=1)",
    "-(a=1)": "(not a=1)",
    "-(a=1 b=2)": "(not (and a=1 b=2))",
    "NOT (a=1 OR b=2)": "(not (or a=1 b=2))",
    "NOT a=1 AND b=2": "(and (not a=1) b=2)",
    "NOT a=1 OR b=2": "(or (not a=1) b=2)",
    "NOT a=1 b=2": "(and (not a=1) b=2)",
    "a=1 NOT b=2": "(and a=1 (not b=2))",
    "a=1 -b=2": "(and a=1 (not b=2))",
    "a=1 AND NOT b=2": "(and a=1 (not b=2))",
    "a=1 OR NOT b=2": "(or a=1 (not b=2))",
    "a=1 OR -b=2": "(or a=1 (not b=2))",
    "-a=1 -b=2": "(and (not a=1) (not b=2))",
    "NOT (NOT a=1)": "(not (not a=1))",
    "-(-a=1)": "(not (not a=1))",
    "-(NOT (a=1))": "(not (not a=1))",
    # Values that look like the language, and fields that do.
    "a=AND": "a=AND",
    "a=OR": "a=OR",
    "a=NOT": "a=NOT",
    "a=AND AND b=2": "(and a=AND b=2)",
    "a=x-y": "a=x-y",
    "a=-1": "a=-1",
    "a>-1.5": "a>-1.5",
    "a=and": "a=and",
    "not_a=1": "not_a=1",
    "android=1": "android=1",
    "a=1 or=2": "(and a=1 or=2)",
    "a_b.c_d=1": "a_b.c_d=1",
    "custom.industry=1": "custom.industry=1",
    "a.b.c=1": "a.b.c=1",
    "a1=1": "a1=1",
    "a:*": "a:*",
    "a : *": "a:*",
    "a=\n1": "a=1",
    "a=09:30": "a=09:30",
    "t<2026-01-01T00:00:00+02:00": "t<2026-01-01T00:00:00+02:00",
    'a="x"b=2': "(and a='x' b=2)",
    "a='x' OR a='y'": "(or a='x' a='y')",
    r'a="\n"': "a='n'",
    'a="line\nfeed"': "a='line\nfeed'",
    'a=1 AND (b="x" OR -c:*) AND NOT (d<2 OR e>=3)': "(and a=1 (or b='x' (not c:*)) (not (or d<2 e>=3)))",
}
# What is refused, the position that is told (from 1), and a word of the reason.
FAULTS = {
    "a": (2, "operator"),
    "a=": (3, "value"),
    "=1": (1, "field"),
    "=": (1, "field"),
    "1=1": (1, "field"),
    "A=1": (1, "field"),
    "_a=1": (1, "field"),
    "a.=1": (1, "field"),
    ".a=1": (1, "field"),
    "a..b=1": (1, "field"),
    "a-b=1": (1, "field"),
    "'a'=1": (1, "field"),
    '"a"=1': (1, "field"),
    "a=1 AND": (8, "field"),
    "a=1 OR": (7, "field"),
    "a=1 AND OR b=2": (9, "field"),
    "a=1 OR AND b=2": (8, "field"),
    "AND a=1": (1, "field"),
    "OR a=1": (1, "field"),
    "a=1 AND AND b=2": (9, "field"),
    "a=1 OR OR b=2": (8, "field"),
    "NOT": (4, "field"),
    "-": (1, "field"),
    "a=1 NOT": (8, "field"),
    "NOT NOT a=1": (5, "field"),
    "NOT AND a=1": (5, "field"),
    "(": (2, "field"),
    ")": (1, "field"),
    "()": (2, "field"),
    "(a=1": (5, "parenthesis"),
    "((a=1)": (7, "parenthesis"),
    "a=1)": (4, "end"),
    "(a=1))": (6, "end"),
    "(a=1 AND)": (9, "field"),
    "a=(1)": (3, "value"),
    "a=(b OR c)": (3, "value"),
    "a==1": (3, "value"),
    "a=<1": (3, "value"),
    "a=>1": (3, "value"),
    "a<>1": (3, "value"),
    "a!1": (2, "cannot"),
    "a=!": (3, "cannot"),
    "a = = 1": (5, "value"),
    "a=1=2": (4, "end"),
    "a<1<2": (4, "end"),
    "a=1 2": (5, "field"),
    "a=1 b": (6, "operator"),
    "a b=1": (3, "operator"),
    "hello": (6, "operator"),
    '"hello"': (1, "field"),
    'a="open': (3, "cannot"),
    "a='open": (3, "cannot"),
    "a=\"mixed'": (3, "cannot"),
    'a="esc\\"': (3, "cannot"),
    "a=\\": (3, "cannot"),
    "a=1,b=2": (4, "cannot"),
    "a=1, b=2": (4, "cannot"),
    "f(a)=1": (2, "operator"),
    "a=f(1)": (5, "field"),
    "a:b:c": (4, "end"),
    "a=1 OR (b=2": (12, "parenthesis"),
    "a AND b=1": (3, "operator"),
    "a=1 -": (5, "field"),
    "a!=": (4, "value"),
}


def show(tree: Filter | None) -> str:
    match tree:
        case None:
            return "none"
        case Comparison():
            return f"{tree.field}{tree.operator}" + (f"'{tree.value}'" if tree.quoted else tree.value)
        case Not(term):
            return f"(not {show(term)})"
        case And(terms) | Or(terms):
            return f"({type(tree).__name__.lower()} {' '.join(map(show, terms))})"


@pytest.mark.parametrize(("operator", "value"), list(itertools.product(OPERATORS, VALUES)))
def test_a_comparison_reads_its_operator_and_its_value(operator: str, value: str) -> None:
    for text in (f"field{operator}{value}", f" field {operator}  {value} "):
        assert show(parse_filter(text)) == f"field{operator}{VALUES[value]}"


@pytest.mark.parametrize("text", TREES)
def test_a_filter_is_read_as_its_tree(text: str) -> None:
    assert show(parse_filter(text)) == TREES[text]


@pytest.mark.parametrize("text", FAULTS)
def test_a_fault_is_told_with_its_position(text: str) -> None:
    position, word = FAULTS[text]
    with pytest.raises(Failure) as caught:
        parse_filter(text)
    assert caught.value.reason == "INVALID_ARGUMENT"
    told = caught.value.fields["filter"]
    assert told.endswith(f"at character {position}"), told
    assert word in told


def test_the_value_of_a_comparison_knows_where_it_stands() -> None:
    tree = parse_filter("a=1 AND  b = 'x'")
    assert isinstance(tree, And)
    assert [term.position for term in tree.terms if isinstance(term, Comparison)] == [2, 13]


@pytest.mark.parametrize(("depth", "accepted"), [(1, True), (MAX_DEPTH, True), (MAX_DEPTH + 1, False), (5000, False)])
def test_nesting_is_bounded(depth: int, *, accepted: bool) -> None:
    _accepts("(" * depth + "a=1" + ")" * depth, accepted=accepted)


@pytest.mark.parametrize(("terms", "accepted"), [(1, True), (MAX_TERMS, True), (MAX_TERMS + 1, False), (4000, False)])
def test_the_number_of_terms_is_bounded(terms: int, *, accepted: bool) -> None:
    for joint in (" ", " AND ", " OR "):
        _accepts(joint.join(["a=1"] * terms), accepted=accepted)


def _accepts(text: str, *, accepted: bool) -> None:
    if accepted:
        assert parse_filter(text) is not None
        return
    with pytest.raises(Failure) as caught:
        parse_filter(text)
    assert "filter" in caught.value.fields


comparisons = st.builds(
    Comparison,
    field=st.from_regex(r"[a-z][a-z0-9_]{0,8}(\.[a-z0-9_]{1,5})?", fullmatch=True),
    operator=st.sampled_from(OPERATORS),
    value=st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    quoted=st.just(value=True),
    position=st.just(0),
)
trees = st.recursive(
    comparisons,
    lambda below: st.one_of(
        below.map(Not),
        st.lists(below, min_size=2, max_size=3).map(lambda terms: And(tuple(terms))),
        st.lists(below, min_size=2, max_size=3).map(lambda terms: Or(tuple(terms))),
    ),
    max_leaves=8,
)


def written(tree: Filter) -> str:
    """The tree as text, with parentheses around everything that has parts."""
    match tree:
        case Comparison():
            escaped = tree.value.replace("\\", "\\\\").replace('"', '\\"')
            return f'{tree.field} {tree.operator} "{escaped}"'
        case Not(term):
            return f"NOT ({written(term)})"
        case And(terms):
            return " AND ".join(f"({written(term)})" for term in terms)
        case Or(terms):
            return " OR ".join(f"({written(term)})" for term in terms)


def depth(tree: Filter) -> int:
    match tree:
        case Comparison():
            return 0
        case Not(term):
            return 1 + depth(term)
        case And(terms) | Or(terms):
            return 1 + max(depth(term) for term in terms)


@given(trees.filter(lambda tree: depth(tree) <= MAX_DEPTH))
def test_what_is_written_is_read_back(tree: Filter) -> None:
    assert show(parse_filter(written(tree))) == show(tree)


@given(st.text(max_size=60) | st.text(alphabet="ab=<>!:()-\"'\\ANDORT 1*.", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(Failure):
        parse_filter(text)
