"""A baseline: Django REST Framework on gunicorn: one worker of eight threads, kept connections. Prints its port.

A kept database connection per thread, no DEBUG, no renderer but JSON, and of all middleware the one that gives a reply
its length, without which connections are not kept.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import django
import plain_table
from bearer import Bearer, Refused
from django.conf import settings
from gunicorn.app.base import BaseApplication

THREADS = 8


def configure(home: Path) -> None:
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="urls_of_the_bench",
        MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(home / plain_table.NAME),
                "CONN_MAX_AGE": None,
            }
        },
        REST_FRAMEWORK={
            "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
            "UNAUTHENTICATED_USER": None,
        },
        USE_TZ=True,
    )
    django.setup()


def routes(home: Path) -> list[Any]:
    from django.db import models
    from django.urls import path
    from rest_framework import authentication, exceptions, generics, permissions, serializers

    bearer = Bearer(home)
    kinds = {name: models.JSONField() for name in plain_table.LISTS}
    kinds |= {name: models.BigIntegerField(null=True) for name in plain_table.SERVED if name.endswith("_time")}
    fields = {name: kinds.get(name) or models.TextField() for name in plain_table.COLUMNS}
    fields["id"] = models.TextField(primary_key=True)
    meta = type("Meta", (), {"managed": False, "db_table": "contacts", "app_label": "bench"})
    contact = type("Contact", (models.Model,), {**fields, "Meta": meta, "__module__": __name__})

    class ContactSerializer(serializers.ModelSerializer):
        class Meta:
            model = contact
            fields = plain_table.SERVED

    class Caller:
        is_authenticated = True

        def __init__(self, tenant: str) -> None:
            self.tenant = tenant

    class Authentication(authentication.BaseAuthentication):
        def authenticate(self, request: Any) -> tuple[Caller, None]:
            try:
                sent = request.META.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
                return Caller(bearer.claims(sent)["tenant"]), None
            except Refused:
                raise exceptions.AuthenticationFailed from None

        def authenticate_header(self, request: Any) -> str:
            return "Bearer"

    class ContactView(generics.RetrieveAPIView):
        authentication_classes = (Authentication,)
        permission_classes = (permissions.IsAuthenticated,)
        serializer_class = ContactSerializer

        def get_queryset(self) -> Any:
            return contact.objects.filter(tenant_id=self.request.user.tenant)

    return [path("v1/contacts/<str:pk>", ContactView.as_view())]


class Served(BaseApplication):
    """Gunicorn around the one route."""

    def __init__(self, home: Path) -> None:
        self._home = home
        super().__init__()

    def load_config(self) -> None:
        chosen = {
            "bind": "127.0.0.1:0",
            "workers": 1,
            "worker_class": "gthread",
            "threads": THREADS,
            "keepalive": 60,
            "accesslog": str(self._home / "django.log"),
            "errorlog": str(self._home / "gunicorn.log"),
            "control_socket_disable": True,
            "post_worker_init": lambda worker: print(worker.sockets[0].getsockname()[1], flush=True),
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        import types

        from django.core.handlers.wsgi import WSGIHandler

        configure(self._home)
        module = types.ModuleType("urls_of_the_bench")
        module.urlpatterns = routes(self._home)
        sys.modules[module.__name__] = module
        return WSGIHandler()


if __name__ == "__main__":
    Served(Path(sys.argv[1])).run()
