"""The first fence: a statement that could leave its tenant is refused before it exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import (
    Column,
    Integer,
    MetaData,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    lateral,
    literal_column,
    not_,
    or_,
    select,
    text,
    true,
    union_all,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from mesh.store import TENANT, Statement, Store, TenantFenceError, fence, global_table, tenant_table, upsert
from tests.conformance.store.schema import OWN, books, chapters, currencies

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Executable

b, c = books.c, chapters.c
other = books.alias("other")
cte_of_all = select(books).cte("everything")
cte_of_own = select(books).where(OWN).cte("own")
C_OWN = c.tenant_id == TENANT
JOINED = and_(c.tenant_id == b.tenant_id, c.book_id == b.id)

REFUSED: dict[str, Callable[[], Executable]] = {
    "no condition": lambda: select(books),
    "only a key": lambda: select(books).where(b.id == bindparam("id")),
    "a constant tenant": lambda: select(books).where(b.tenant_id == "acme"),
    "a tenant with a value of its own": lambda: select(books).where(b.tenant_id == bindparam("tenant_id", "acme")),
    "a tenant under another name": lambda: select(books).where(b.tenant_id == bindparam("whose")),
    "another tenant": lambda: select(books).where(b.tenant_id != TENANT),
    "an OR beside the tenant": lambda: select(books).where(or_(OWN, b.lent.is_(True))),
    "an OR around an AND": lambda: select(books).where(or_(and_(OWN, b.lent), b.pages > 5)),
    "a negated tenant": lambda: select(books).where(not_(and_(OWN, b.lent.is_(True)))),
    "the tenant compared with itself": lambda: select(books).where(b.tenant_id == b.tenant_id),
    "the tenant in HAVING only": lambda: select(b.tenant_id, func.count()).group_by(b.tenant_id).having(OWN),
    "a join without the tenant": lambda: select(books).join(chapters, c.book_id == b.id).where(OWN),
    "a comma join without the tenant": lambda: select(books, chapters).where(OWN, c.book_id == b.id),
    "two tables tied to each other only": lambda: select(books).join(chapters, JOINED),
    "an outer join that fences its left side": lambda: select(books).outerjoin(chapters, and_(JOINED, OWN)),
    "a full join fenced in ON": lambda: select(books).join(chapters, and_(JOINED, OWN), full=True),
    "an alias without the tenant": lambda: select(books.c.id).join(other, other.c.id == b.id).where(OWN),
    "the alias fenced and not the table": lambda: select(b.id, other.c.id).where(other.c.tenant_id == TENANT),
    "a subquery in FROM": lambda: select(select(books).subquery().c.id),
    "a subquery fenced from outside": lambda: (
        (sub := select(books).subquery()) is not None and select(sub.c.id).where(sub.c.tenant_id == TENANT)
    ),
    "a scalar subquery": lambda: select(select(func.count()).select_from(books).scalar_subquery()),
    "an IN subquery": lambda: select(books).where(OWN, b.id.in_(select(c.book_id))),
    "an EXISTS": lambda: select(books).where(OWN, exists().where(c.book_id == b.id)),
    "an EXISTS tied by the wrong column": lambda: select(books).where(OWN, exists().where(c.book_id == b.tenant_id)),
    "a CTE": lambda: select(cte_of_all.c.id),
    "a CTE fenced from outside": lambda: select(cte_of_all.c.id).where(cte_of_all.c.tenant_id == TENANT),
    "one half of a union": lambda: union_all(select(b.id).where(OWN), select(b.id)),
    "a lateral join": lambda: select(books).join(lateral(select(chapters).where(c.book_id == b.id)), true()).where(OWN),
    "a column of a table that is not joined": lambda: select(currencies.c.code).where(currencies.c.code == b.id),
    "an order by a subquery": lambda: select(books).where(OWN).order_by(select(func.max(c.number)).scalar_subquery()),
    "an update": lambda: update(books).where(b.id == bindparam("id")).values(pages=1),
    "an update of all columns": lambda: update(books).where(OWN),
    "an update that moves the row": lambda: update(books).where(OWN).values(tenant_id=bindparam("to")),
    "an update from another table": lambda: update(books).where(OWN, b.id == c.book_id).values(pages=c.number),
    "an update with a loose subquery": lambda: (
        update(books).where(OWN).values(pages=select(func.max(c.number)).scalar_subquery())
    ),
    "a delete": lambda: delete(books).where(b.id == bindparam("id")),
    "a delete by a loose subquery": lambda: delete(books).where(OWN, b.id.in_(select(c.book_id))),
    "an insert without the tenant": lambda: insert(chapters).values(book_id=bindparam("id"), number=1),
    "an insert with a constant tenant": lambda: insert(chapters).values(tenant_id="acme", book_id="b", number=1),
    "an insert of many rows": lambda: insert(chapters).values([{"tenant_id": TENANT, "book_id": "b", "number": 1}]),
    "an insert from a loose select": lambda: insert(chapters).from_select(
        ["tenant_id", "book_id"], select(b.tenant_id, b.id)
    ),
    "an insert from a select of something else": lambda: insert(chapters).from_select(
        ["tenant_id", "book_id"], select(b.id, b.id).where(OWN)
    ),
    "an upsert in one engine's words": lambda: sqlite.insert(books).on_conflict_do_update(set_={"pages": 1}),
    "an upsert in the other engine's words": lambda: postgresql.insert(books).on_conflict_do_nothing(),
    "raw SQL": lambda: text("select * from books"),
    "raw SQL beside the tenant": lambda: select(books).where(OWN, text("1 = 1 or 1 = 1")),
    "a raw column": lambda: select(books).where(OWN, literal_column("1 = 1 or 1", Integer) == 1),
}

ACCEPTED: dict[str, Callable[[], Executable]] = {
    "the tenant alone": lambda: select(books).where(OWN),
    "the tenant on the right": lambda: select(books).where(b.tenant_id == TENANT),
    "an AND of an OR": lambda: select(books).where(and_(or_(b.lent, b.pages > 5), and_(OWN, b.id > "b"))),
    "a join by the tenant": lambda: select(books).join(chapters, JOINED).where(OWN),
    "a join fenced on the other side": lambda: select(books).join(chapters, JOINED).where(C_OWN),
    "a join fenced in ON": lambda: select(books).join(chapters, and_(JOINED, OWN)),
    "an outer join by the tenant": lambda: select(books).outerjoin(chapters, JOINED).where(OWN),
    "a chain of joins": lambda: (
        select(b.id).join(chapters, JOINED).join(other, other.c.tenant_id == c.tenant_id).where(OWN)
    ),
    "a join with a global table": lambda: select(books, currencies).where(OWN),
    "a fenced subquery": lambda: select(select(books).where(OWN).subquery().c.id),
    "a correlated EXISTS": lambda: select(books).where(OWN, exists().where(JOINED)),
    "a fenced EXISTS": lambda: select(books).where(OWN, exists().where(C_OWN, c.book_id == b.id)),
    "a fenced IN subquery": lambda: select(books).where(OWN, b.id.in_(select(c.book_id).where(C_OWN))),
    "a fenced CTE": lambda: select(cte_of_own.c.id),
    "a union of fenced halves": lambda: union_all(select(b.id).where(OWN), select(c.book_id).where(C_OWN)),
    "a scalar subquery by the tenant": lambda: select(
        b.id, select(func.max(c.number)).where(JOINED).scalar_subquery()
    ).where(OWN),
    "a row-value page": lambda: select(books).where(OWN, b.id > bindparam("after")).limit(bindparam("page")),
    "an insert of every column": lambda: insert(books),
    "an insert with the tenant": lambda: insert(chapters).values(tenant_id=TENANT, book_id=bindparam("b_"), number=1),
    "an insert from a fenced select": lambda: insert(chapters).from_select(
        ["tenant_id", "book_id", "number"], select(b.tenant_id, b.id, b.pages).where(OWN)
    ),
    "an update with a fenced subquery": lambda: (
        update(books).where(OWN).values(pages=select(func.max(c.number)).where(JOINED).scalar_subquery())
    ),
    "a delete": lambda: delete(books).where(OWN, b.id == bindparam("id")),
    "a locked row": lambda: select(books).where(OWN).with_for_update(),
}


def check_refusals() -> None:
    for form, core in REFUSED.items():
        try:
            Statement(core())
        except TenantFenceError:
            continue
        pytest.fail(f"the fence let through: {form}")


@pytest.mark.parametrize("form", REFUSED)
def test_the_fence_refuses(form: str) -> None:
    with pytest.raises(TenantFenceError):
        Statement(REFUSED[form]())


@pytest.mark.parametrize("form", ACCEPTED)
def test_the_fence_accepts_and_both_engines_compile(form: str) -> None:
    statement = Statement(ACCEPTED[form]())
    assert statement.fenced
    for dialect in ("sqlite", "postgresql"):
        assert "tenant_id" in statement.compiled(dialect).sql


def test_the_text_of_a_refusal_names_the_loose_table() -> None:
    with pytest.raises(TenantFenceError, match="not tied to the tenant: chapters"):
        Statement(REFUSED["a join without the tenant"]())


def test_a_statement_over_global_tables_is_not_fenced() -> None:
    assert not Statement(select(currencies)).fenced
    assert not upsert(currencies, key=["code"], set=["exponent"]).fenced


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # SQLAlchemy, too, misses the key of a blind insert
@pytest.mark.parametrize(
    ("part", "blind"),
    [
        ("is_tenant_bind", lambda clause: True),  # any value passes for the tenant
        ("is_tenant_table", lambda table: False),  # no table is fenced
        ("_refuse_moving", lambda statement: None),
        ("_check_insert", lambda statement: None),
    ],
)
def test_planted_fault_a_blind_fence_is_noticed(
    monkeypatch: pytest.MonkeyPatch, part: str, blind: Callable[[object], object]
) -> None:
    monkeypatch.setattr(fence, part, blind)
    with pytest.raises(pytest.fail.Exception, match="the fence let through"):
        check_refusals()


def test_planted_fault_a_dropped_tenant_predicate_is_noticed() -> None:
    """Every accepted select without its WHERE is refused: no other part of it holds the fence up."""
    for form in ("the tenant alone", "a join by the tenant", "an outer join by the tenant", "a chain of joins"):
        core = ACCEPTED[form]()
        core._where_criteria = ()
        with pytest.raises(TenantFenceError):
            Statement(core)


class TestDeclarations:
    def test_a_table_says_its_tenancy(self, fresh_url: Callable[[], str]) -> None:
        metadata = MetaData()
        Table("strays", metadata, Column("id", Text, primary_key=True))
        with pytest.raises(ValueError, match="without a tenancy: strays"):
            Store(fresh_url(), service="library", metadata=metadata)

    def test_the_tenant_leads_the_key(self) -> None:
        assert [column.name for column in books.primary_key] == ["tenant_id", "id"]

    def test_a_tenant_table_needs_a_key_of_its_own(self) -> None:
        with pytest.raises(ValueError, match="key"):
            tenant_table("keyless", MetaData(), Column("name", Text))

    def test_a_global_table_needs_a_reason_and_no_tenant_column(self) -> None:
        with pytest.raises(ValueError, match="reason"):
            global_table("reasonless", MetaData(), Column("id", Text, primary_key=True), because=" ")
        with pytest.raises(ValueError, match="tenant_id"):
            global_table("torn", MetaData(), Column("tenant_id", Text, primary_key=True), because="none")
