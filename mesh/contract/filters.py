"""Filters (AIP-160): text to a typed tree. OR binds tighter than AND, as the AIP says; terms side by side mean AND.

Not part of the language here: bare literals (they belong to search) and functions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from mesh.contract.failure import invalid

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_TERMS = 40
MAX_DEPTH = 12

Operator = Literal["=", "!=", "<", "<=", ">", ">=", ":"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A field compared with the text of a value; `quoted` tells `"true"` from `true`."""

    field: str
    operator: Operator
    value: str
    quoted: bool
    position: int


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a term."""

    term: Filter


@dataclass(frozen=True, slots=True)
class And:
    """All of the terms."""

    terms: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of the terms."""

    terms: tuple[Filter, ...]


Filter = Comparison | Not | And | Or

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<operator><=|>=|!=|=|<|>|:)
    | (?P<parenthesis>[()])
    | (?P<minus>-(?=[\sA-Za-z_(]))
    | (?P<word>(?:[^\s"'()<>=!:,\\]|(?<=\d):(?=\d\d))+)
    )""",
    re.VERBOSE,
)
_FIELD = re.compile(r"^[a-z][a-z0-9_]*(\.[A-Za-z0-9_]+)*$")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int


def parse_filter(text: str) -> Filter | None:
    """The tree of a filter; None where it is empty.

    Raises:
        Failure: INVALID_ARGUMENT on `filter`, with the position of what is not understood.
    """
    tokens = _tokens(text)
    if not tokens:
        return None
    parser = _Parser(tokens, len(text))
    tree = parser.conjunction(0)
    parser.finish()
    return tree


def _tokens(text: str) -> Sequence[_Token]:
    tokens = []
    position = 0
    end = len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            raise invalid("filter", f"cannot be read at character {position + 1}")
        kind = str(match.lastgroup)
        tokens.append(_Token(kind, match[kind], match.start(kind)))
        position = match.end()
    return tokens


class _Parser:
    """Recursive descent over the tokens, with bounds on depth and number of terms."""

    def __init__(self, tokens: Sequence[_Token], length: int) -> None:
        self._tokens = tokens
        self._next = 0
        self._terms = 0
        self._length = length

    def _peek(self) -> _Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _take(self, kind: str, *, expected: str) -> _Token:
        token = self._peek()
        if token is None or token.kind != kind:
            raise self._fault(expected)
        self._next += 1
        return token

    def _fault(self, expected: str) -> Exception:
        token = self._peek()
        position = token.position if token else self._length
        return invalid("filter", f"expected {expected} at character {position + 1}")

    def _keyword(self, word: str) -> bool:
        token = self._peek()
        if token is not None and token.kind == "word" and token.text == word:
            self._next += 1
            return True
        return False

    def finish(self) -> None:
        if self._peek() is not None:
            raise self._fault("the end of the filter")

    def conjunction(self, depth: int) -> Filter:
        if depth > MAX_DEPTH:
            raise invalid("filter", f"is nested more than {MAX_DEPTH} deep")
        terms = [self._disjunction(depth)]
        while self._keyword("AND") or self._starts_term():
            terms.append(self._disjunction(depth))
        return terms[0] if len(terms) == 1 else And(tuple(terms))

    def _starts_term(self) -> bool:
        token = self._peek()
        return token is not None and token.text not in (")", "AND", "OR") and token.kind != "operator"

    def _disjunction(self, depth: int) -> Filter:
        terms = [self._term(depth)]
        while self._keyword("OR"):
            terms.append(self._term(depth))
        return terms[0] if len(terms) == 1 else Or(tuple(terms))

    def _term(self, depth: int) -> Filter:
        token = self._peek()
        if self._keyword("NOT"):
            return Not(self._simple(depth))
        if token is not None and token.kind == "minus":
            self._next += 1
            return Not(self._simple(depth))
        return self._simple(depth)

    def _simple(self, depth: int) -> Filter:
        token = self._peek()
        if token is not None and token.text == "(" and token.kind == "parenthesis":
            self._next += 1
            tree = self.conjunction(depth + 1)
            closing = self._peek()
            if closing is None or closing.text != ")":
                raise self._fault("a closing parenthesis")
            self._next += 1
            return tree
        return self._comparison()

    def _comparison(self) -> Comparison:
        self._terms += 1
        if self._terms > MAX_TERMS:
            raise invalid("filter", f"has more than {MAX_TERMS} terms")
        field = self._take("word", expected="a field")
        if not _FIELD.match(field.text) or field.text in ("AND", "OR", "NOT"):
            raise invalid("filter", f"expected a field at character {field.position + 1}")
        operator = self._take("operator", expected="an operator")
        value = self._peek()
        if value is None or value.kind not in ("word", "string"):
            raise self._fault("a value")
        self._next += 1
        quoted = value.kind == "string"
        text = _ESCAPE.sub(r"\1", value.text[1:-1]) if quoted else value.text
        return Comparison(field.text, operator.text, text, quoted, value.position)  # type: ignore[arg-type]  # the token pattern admits no other
