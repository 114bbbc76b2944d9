"""Pins the parts of SQLAlchemy and psycopg that are not promised: an upgrade that moves them fails here first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg.adapt import Transformer
from psycopg.pq import ExecStatus
from sqlalchemy import JSON, BigInteger, Column, MetaData, Text, bindparam, insert, literal, select, tuple_, update

from mesh.store import Statement, any_of, tenant_table
from mesh.store.compiled import compile_core, dialect
from tests.conformance.store.schema import OWN, book, books, put_book

if TYPE_CHECKING:
    from mesh.testing.postgres import PostgresServer


def test_parameters_stand_in_the_order_of_the_text() -> None:
    core = select(books.c.id).where(books.c.id > bindparam("after"), OWN, books.c.id != bindparam("after")).limit(7)
    sqlite, postgresql = compile_core(core, "sqlite"), compile_core(core, "postgresql")
    assert sqlite.sql.count("?") == 5
    assert sqlite.pack({"after": "a", "tenant_id": "t"})[:3] == ("a", "t", "a")
    assert "$1::VARCHAR" in postgresql.sql
    assert postgresql.pack({"after": "a", "tenant_id": "t"}) == ("a", "t", 7)
    assert postgresql.formats == (1, 1, 0)


def test_constants_are_part_of_the_statement() -> None:
    form = compile_core(update(books).where(OWN, books.c.lent == literal(True)).values(pages=5), "sqlite")  # noqa: FBT003
    assert form.pack({"tenant_id": "t"}) == (5, "t", 1)


def test_an_insert_without_values_binds_every_column() -> None:
    for engine in ("sqlite", "postgresql"):
        form = compile_core(insert(books), engine)
        assert form.pack({"tenant_id": "t", **book("b", pages=3)})[:4] == ("t", "b", "isbn-b", 3)
        assert not form.returns_rows


def test_an_upsert_has_each_engine_s_words() -> None:
    for engine in ("sqlite", "postgresql"):
        text = put_book.compiled(engine).sql
        assert "ON CONFLICT (tenant_id, id) DO UPDATE SET pages = excluded.pages, lent = excluded.lent" in text


def test_a_list_is_json_on_one_engine_and_an_array_on_the_other() -> None:
    statement = Statement(select(books.c.id).where(OWN, any_of(books.c.id, "ids")))
    assert "IN (SELECT value FROM json_each(?))" in statement.compiled("sqlite").sql
    assert statement.compiled("sqlite").pack({"tenant_id": "t", "ids": ["a", "b"]}) == ("t", '["a", "b"]')
    assert "= ANY ($2" in statement.compiled("postgresql").sql
    assert statement.compiled("postgresql").pack({"tenant_id": "t", "ids": ["a", "b"]}) == ("t", ["a", "b"])


def test_what_cannot_be_compiled_once_is_refused() -> None:
    with pytest.raises(ValueError, match="any_of"):
        compile_core(select(books).where(OWN, books.c.id.in_(["a", "b"])), "sqlite")
    odd = tenant_table("odd", MetaData(), Column("id", Text, primary_key=True), Column("payload", JSON))
    with pytest.raises(TypeError, match="JSON"):
        compile_core(insert(odd), "sqlite")


def test_row_values_compare_on_both_engines() -> None:
    page = tuple_(books.c.pages, books.c.id) > tuple_(bindparam("pages", type_=BigInteger), bindparam("id", type_=Text))
    for engine in ("sqlite", "postgresql"):
        assert "(books.pages, books.id) > (" in compile_core(select(books.c.id).where(OWN, page), engine).sql


def test_the_compiled_form_has_the_parts_that_are_read() -> None:
    compiled = select(books.c.id).where(OWN).compile(dialect=dialect("postgresql"))
    assert compiled.positiontup == ["tenant_id"]
    assert compiled.binds["tenant_id"].required
    assert compiled.post_compile_params == frozenset()
    (column,) = compiled._result_columns
    assert column.keyname == "id"
    assert books.c.id in column.objects


def test_libpq_pipelines_answer_statement_by_statement(postgres: PostgresServer) -> None:
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        pg = connection.pgconn
        assert pg.nonblocking == 1
        pg.enter_pipeline_mode()
        pg.send_prepare(b"one", b"SELECT $1::bigint, 'x'::text")
        pg.send_query_prepared(b"one", [b"7"], (0,), result_format=1)
        pg.send_close_prepared(b"one")
        pg.pipeline_sync()
        results = []
        while not results or results[-1].status != ExecStatus.PIPELINE_SYNC:
            pg.flush()
            pg.consume_input()
            if not pg.is_busy() and (result := pg.get_result()) is not None:
                results.append(result)
        kinds = [ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK, ExecStatus.PIPELINE_SYNC]
        assert [result.status for result in results] == kinds
        reader = Transformer(connection)
        reader.set_pgresult(results[1])
        assert reader.load_rows(0, 1, tuple) == [(7, "x")]
        pg.exit_pipeline_mode()
