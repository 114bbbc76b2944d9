"""From a SQLAlchemy Core statement to text, parameter order and conversions, once; the drivers run the result directly.

The only module that reads semi-public parts of compiled statements (``positiontup``, ``binds``, ``_result_columns``,
``post_compile_params``); tests/conformance/store/test_compiled.py pins what it relies on.
Column types are text, integers, booleans, floats and bytes: the same on both engines. It opens no connection.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any, Literal

from sqlalchemy import ARRAY, BindParameter, Boolean, Float, Insert, Integer, LargeBinary, String
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import Column
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import Executable
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine

DialectName = Literal["sqlite", "postgresql"]
Params = Mapping[str, Any]
Convert = Callable[[Any], Any]

_PORTABLE = (String, Integer, Boolean, Float, LargeBinary, NullType, ARRAY)
_BINARY = (String, LargeBinary)


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """A statement in the words of one engine."""

    sql: str
    pack: Callable[[Params], tuple[Any, ...]]
    """Named parameters to the positional ones; KeyError names a missing one."""
    unpack: Callable[[tuple[Any, ...]], tuple[Any, ...]] | None
    """Converts a row; None when the driver's values are right as they are."""
    formats: tuple[int, ...]
    """PostgreSQL's wire format of each parameter: 1 for text and bytes, which go as they are, else 0."""
    returns_rows: bool


@cache
def dialect(name: DialectName) -> Dialect:
    """The dialect that statements for engine ``name`` are compiled with."""
    if name == "sqlite":
        return sqlite.dialect(paramstyle="qmark")
    return psycopg.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]


def compile_core(core: Executable, name: DialectName) -> Compiled:
    """Raises TypeError for a column type that the engines do not share, ValueError for an expanding IN list."""
    engine = dialect(name)
    if isinstance(core, Insert) and not core._returning:
        core = core.inline()  # otherwise PostgreSQL returns the key that we gave it
    compiled = core.compile(dialect=engine)  # type: ignore[attr-defined]
    assert isinstance(compiled, SQLCompiler)
    if compiled.post_compile_params:
        raise ValueError("expanding IN lists cannot be compiled once: use any_of()")
    order = list(compiled.positiontup or ())
    binds = [compiled.binds[each] for each in order]
    columns = compiled._result_columns or ()
    return Compiled(
        sql=compiled.string,
        pack=_packer(order, binds, engine),
        unpack=_unpacker([_result(each.type, each.objects, engine) for each in columns]),
        formats=tuple(int(isinstance(_portable(bind.type, engine), _BINARY)) for bind in binds),
        returns_rows=bool(columns),
    )


def _portable(kind: TypeEngine[Any], engine: Dialect) -> TypeEngine[Any]:
    plain = kind.dialect_impl(engine)
    plain = plain.impl_instance if isinstance(plain, TypeDecorator) else plain
    if not isinstance(plain, _PORTABLE):
        raise TypeError(f"columns of type {type(kind).__name__} do not behave the same on every engine")
    return plain


def _bind(kind: TypeEngine[Any], engine: Dialect) -> Convert | None:
    """What a parameter passes through. Bytes go as they are; PostgreSQL's driver takes the rest as it is, too."""
    plain = _portable(kind, engine)
    if isinstance(plain, LargeBinary) or (engine.name == "postgresql" and not isinstance(kind, TypeDecorator)):
        return None
    return kind.dialect_impl(engine).bind_processor(engine)


def _result(kind: TypeEngine[Any], objects: Sequence[Any], engine: Dialect) -> Convert | None:
    plain = _portable(kind, engine)
    if isinstance(plain, LargeBinary):
        return None
    if engine.name == "postgresql" and not isinstance(kind, TypeDecorator):
        computed = isinstance(plain, Integer) and not any(isinstance(each, Column) for each in objects)
        return _integer if computed else None
    return kind.dialect_impl(engine).result_processor(engine, None)


def _integer(value: Any) -> int | None:
    """PostgreSQL's sum() of bigints is numeric."""
    return None if value is None else int(value)


def _packer(order: list[str], binds: list[BindParameter[Any]], engine: Dialect) -> Callable[[Params], tuple[Any, ...]]:
    constants = {name: bind.effective_value for name, bind in zip(order, binds, strict=True) if not bind.required}
    converts = [_bind(bind.type, engine) for bind in binds]
    if not order:
        return lambda params: ()
    given = itemgetter(*order) if len(order) > 1 else _single(order[0])
    pick = (lambda params: given({**constants, **params})) if constants else given
    plain = _unpacker(converts)
    return pick if plain is None else lambda params: plain(pick(params))


def _single(name: str) -> Callable[[Params], tuple[Any, ...]]:
    return lambda params: (params[name],)


def _unpacker(converts: Sequence[Convert | None]) -> Callable[[tuple[Any, ...]], tuple[Any, ...]] | None:
    """A function over tuples of len(converts), None when nothing is to be converted."""
    calls = [(place, call) for place, call in enumerate(converts) if call is not None]
    if not calls:
        return None

    def unpack(row: tuple[Any, ...]) -> tuple[Any, ...]:
        values = list(row)
        for place, call in calls:
            values[place] = call(values[place])
        return tuple(values)

    return unpack
