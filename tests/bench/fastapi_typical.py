"""A baseline: FastAPI as its tutorials write it: async ORM session per request, reply model, JWT dependency.

Served by uvicorn with its `standard` extra and its own access log. Prints its port.
"""
# FastAPI reads annotations when routes are declared, so that they are not postponed here.

import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

import plain_table
import uvicorn
from bearer import Bearer, Refused
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict
from sqlalchemy import JSON, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Contact(Base):
    __tablename__ = "contacts"
    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    etag: Mapped[str]
    create_time: Mapped[int]
    update_time: Mapped[int]
    delete_time: Mapped[int | None]
    birth_date: Mapped[str]
    owner_id: Mapped[str]
    given_name: Mapped[str]
    family_name: Mapped[str]
    display_name: Mapped[str]
    job_title: Mapped[str]
    external_id: Mapped[str]
    primary_email: Mapped[str]
    emails: Mapped[list[Any]] = mapped_column(JSON)
    phones: Mapped[list[Any]] = mapped_column(JSON)
    addresses: Mapped[list[Any]] = mapped_column(JSON)


class Email(BaseModel):
    address: str
    label: str


class ContactOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: str
    etag: str
    create_time: int
    update_time: int
    delete_time: int | None
    birth_date: str
    owner_id: str
    given_name: str
    family_name: str
    display_name: str
    job_title: str
    external_id: str
    primary_email: str
    emails: list[Email]
    phones: list[dict[str, Any]]
    addresses: list[dict[str, Any]]


def application(home: Path) -> FastAPI:
    app = FastAPI()
    engine = create_async_engine(f"sqlite+aiosqlite:///{home / plain_table.NAME}")
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    bearer = Bearer(home)

    async def session() -> AsyncIterator[AsyncSession]:
        async with sessions() as opened:
            yield opened

    async def tenant(sent: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]) -> str:
        try:
            return str(bearer.claims(sent.credentials)["tenant"])
        except Refused:
            raise HTTPException(401) from None

    @app.get("/v1/contacts/{identifier}")
    async def get_contact(
        identifier: str,
        tenant: Annotated[str, Depends(tenant)],
        session: Annotated[AsyncSession, Depends(session)],
    ) -> ContactOut:
        query = select(Contact).where(Contact.tenant_id == tenant, Contact.id == identifier)
        found = (await session.execute(query)).scalar_one_or_none()
        if found is None:
            raise HTTPException(404)
        return ContactOut.model_validate(found)

    return app


def main(home: str) -> None:
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    config = uvicorn.Config(application(Path(home)), log_config=_log(Path(home) / "typical.log"))
    print(listener.getsockname()[1], flush=True)
    uvicorn.Server(config).run(sockets=[listener])


def _log(path: Path) -> dict[str, Any]:
    """Uvicorn's own lines, to a file."""
    log = uvicorn.config.LOGGING_CONFIG
    file = {"class": "logging.FileHandler", "filename": str(path)}
    handlers = {name: {**file, "formatter": known["formatter"]} for name, known in log["handlers"].items()}
    return {**log, "handlers": handlers}


if __name__ == "__main__":
    main(*sys.argv[1:])
