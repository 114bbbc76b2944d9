"""A store that fails on purpose: at one step of what a call asks of it, or between its commit and the answer."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock

from mesh.runtime.call import current_call
from mesh.store.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mesh.contract.method import MethodContract
    from mesh.store.engine import Engine, Session
    from mesh.store.errors import StoreError
    from mesh.store.store import Store


class Fault:
    """Counts the steps that calls of a method ask of a store, and fails one of them.

    at: the number of the step, from 0; -1 fails none. `after_commit` lets a commit happen and fails then, as a lost
    connection does.
    """

    def __init__(self, method: MethodContract, error: StoreError, *, at: int, after_commit: bool) -> None:
        self.steps = 0
        self._method = method
        self._error = error
        self._at = at
        self._after_commit = after_commit

    def step(self, run: Callable[..., Any], *arguments: Any, commits: bool = False) -> Any:
        """Run one step, or fail."""
        call = current_call.get()
        if call is None or call.contract != self._method:
            return run(*arguments)
        number, self.steps = self.steps, self.steps + 1
        if self._after_commit:
            done = run(*arguments)
            if commits:
                raise self._error
            return done
        if number == self._at:
            raise self._error
        return run(*arguments)


class _FaultySession:
    def __init__(self, session: Session, fault: Fault) -> None:
        self._session, self._fault = session, fault
        self.rollback = session.rollback

    def read(self, *arguments: Any) -> Any:
        return self._fault.step(self._session.read, *arguments)

    def write(self, *arguments: Any) -> Any:
        return self._fault.step(self._session.write, *arguments)

    def write_many(self, *arguments: Any) -> Any:
        return self._fault.step(self._session.write_many, *arguments)

    def commit(self, *arguments: Any) -> None:
        self._fault.step(self._session.commit, *arguments, commits=True)


class _FaultyEngine:
    def __init__(self, engine: Engine, fault: Fault) -> None:
        self._engine, self._fault = engine, fault

    def read(self, *arguments: Any) -> Any:
        return self._fault.step(self._engine.read, *arguments)

    def session(self, deadline: float) -> _FaultySession:
        return _FaultySession(self._engine.session(deadline), self._fault)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)


@contextmanager
def failing(store: Store, method: MethodContract, error: StoreError, *, at: int) -> Iterator[Fault]:
    """Calls of a method meet `error` at their step `at`; everybody else's work goes on. -1 only counts the steps."""
    fault = Fault(method, error, at=at, after_commit=False)
    with mock.patch.object(store, "_engine", _FaultyEngine(store._engine, fault)):  # noqa: SLF001 - that is the point
        yield fault


@contextmanager
def answer_lost(store: Store, method: MethodContract) -> Iterator[None]:
    """What calls of a method commit takes effect, and they never learn of it."""
    fault = Fault(method, Unavailable("the connection broke"), at=-1, after_commit=True)
    with mock.patch.object(store, "_engine", _FaultyEngine(store._engine, fault)):  # noqa: SLF001 - that is the point
        yield
