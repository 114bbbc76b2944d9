"""Whether Redis answers a process now, and how far its service is behind there: asked again and again.

Asked apart from the work against Redis, which may have nothing to do for hours. It judges nothing: without Redis
writes go on, and events wait in the outbox.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from mesh.events.lag import lags
from mesh.events.redis_connection import RedisConnection, RedisRefused, RedisUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.events.lag import Lag

_EVERY = 1.0
_END_SECONDS = 10.0


class BrokerWatch:
    """Looks every second, in a thread that ends with stop(). Without a URL there is no Redis to miss.

    consumer: the service whose lags in the streams of `sources` are read.
    """

    def __init__(
        self, redis_url: str, *, consumer: str = "", sources: Sequence[str] = (), every: float = _EVERY
    ) -> None:
        self.answers = True
        """Whether Redis answered when it was asked last."""
        self.lags: tuple[Lag, ...] = ()
        """The consumer's, as of then; none where Redis did not tell."""
        self._redis = RedisConnection(redis_url) if redis_url else None
        self._consumer, self._sources, self._every = consumer, sources, every
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="broker watch", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, if it was begun."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(_END_SECONDS)

    def _run(self) -> None:
        if self._redis is None:
            return
        while not self._stopped.is_set():
            self._look(self._redis)
            self._stopped.wait(self._every)
        self._redis.close()

    def _look(self, redis: RedisConnection) -> None:
        try:
            redis.call("PING")
            told = [lag for source in self._sources for lag in lags(redis, source)]
        except (RedisUnavailable, RedisRefused):
            self.answers, self.lags = False, ()
        else:
            self.answers, self.lags = True, tuple(lag for lag in told if lag.consumer == self._consumer)
