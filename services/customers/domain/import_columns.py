"""What the columns of a file are most likely about, by their names and by what is in them."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.customers.domain.import_days import is_day
from services.customers.domain.keys import email_key, folded, phone_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

SURE, BY_NAME, BY_VALUES = 100, 70, 60
"""How sure a suggestion is: name and values say it, the name alone, the values alone."""
_MOSTLY = 0.8
_MANY = ("emails", "phones")
_ID = re.compile(r"con_[0-9A-HJKMNP-TV-Z]{26}")
_DIGITS = re.compile(r"[+0-9 ()./-]{7,40}")

# English, German, French, Spanish, Italian, Portuguese, Dutch; as folded() leaves them.
_NAMES = {
    "id": "contact id",
    "given_name": "first name|firstname|given name|forename|vorname|prenom|nombre|nome|primeiro nome|voornaam",
    "family_name": "last name|lastname|family name|surname|name|nachname|familienname|zuname|nom|nom de famille|"
    "apellido|apellidos|cognome|sobrenome|apelido|achternaam|familienaam",
    "emails": "e mail|email|mail|email address|e mail address|e mail adresse|emailadresse|mailadresse|courriel|"
    "adresse e mail|adresse email|correo|correo electronico|posta elettronica|indirizzo email|e mailadres|emailadres",
    "phones": "phone|telephone|tel|phone number|mobile|mobile phone|cell|cell phone|telefon|telefonnummer|handy|mobil|"
    "mobiltelefon|rufnummer|portable|numero de telephone|telefono|movil|cellulare|telefone|celular|telefoon|mobiel",
    "job_title": "job title|jobtitle|position|role|beruf|berufsbezeichnung|funktion|fonction|poste|puesto|cargo|"
    "ruolo|qualifica|functie|functietitel",
    "birth_date": "birth date|birthdate|date of birth|birthday|dob|geburtsdatum|geburtstag|date de naissance|"
    "fecha de nacimiento|data di nascita|data de nascimento|geboortedatum",
    "external_id": "external id|customer id|customer number|key|kundennummer|kunden nr|kundennr|numero client|"
    "numero de cliente|codigo cliente|codice cliente|klantnummer",
    "address.address_lines": "street|street address|address|address line 1|strasse|adresse|anschrift|rue|calle|"
    "direccion|via|indirizzo|rua|morada|endereco|straat|adres",
    "address.postal_code": "zip|zip code|postal code|postcode|plz|postleitzahl|code postal|codigo postal|cap",
    "address.locality": "city|town|suburb|ort|stadt|wohnort|ville|ciudad|citta|cidade|stad|plaats|woonplaats",
    "address.administrative_area": "state|province|region|county|bundesland|provincia|estado|provincie",
    "address.region_code": "country|country code|land|pays|pais|paese|landcode",
    "address.organization": "company|organisation|organization|firma|unternehmen|societe|entreprise|empresa|azienda|"
    "bedrijf",
}
_FIELDS = {name: field for field, names in _NAMES.items() for name in names.split("|")}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A field for a column, empty where nothing tells one, and how sure that is."""

    field: str = ""
    confidence: int = 0


def suggest(
    header: Sequence[str], columns: Sequence[Sequence[str]], custom: Mapping[str, str], region_code: str
) -> list[Suggestion]:
    """A suggestion for each column, none for a second one that a field could not take.

    columns: values of each, none of them empty. custom: the names of the tenant's own fields, by their keys.
    region_code: where numbers without `+` are dialled.
    """
    names = {**_FIELDS, **{folded(key): f"custom.{key}" for key in custom}}
    names.update({folded(name): f"custom.{key}" for key, name in custom.items()})
    found = [
        _one(names.get(folded(name), ""), values, region_code) for name, values in zip(header, columns, strict=True)
    ]
    best: dict[str, int] = {}
    for number, each in enumerate(found):
        if each.field not in best or each.confidence > found[best[each.field]].confidence:
            best[each.field] = number
    return [e if e.field in _MANY or best[e.field] == number else Suggestion() for number, e in enumerate(found)]


def _one(by_name: str, values: Sequence[str], region_code: str) -> Suggestion:
    by_values = next((f for f, fits in _tests(region_code).items() if _share(values, fits) >= _MOSTLY), "")
    if by_name and by_name == by_values:
        return Suggestion(by_name, SURE)
    test = _tests(region_code).get(by_name)
    if by_name and (test is None or not values or _share(values, test) > 0):
        return Suggestion(by_name, BY_NAME)
    return Suggestion(by_values, BY_VALUES) if by_values else Suggestion()


def _tests(region_code: str) -> Mapping[str, Callable[[str], bool]]:
    """What values of a field look like, for those that can be told by it."""
    return {
        "id": lambda value: bool(_ID.fullmatch(value)),
        "emails": is_email,
        "birth_date": is_day,
        "phones": lambda value: bool(_DIGITS.fullmatch(value) and phone_key(value, region_code)),
    }


def _share(values: Sequence[str], fits: Callable[[str], bool]) -> float:
    return sum(map(fits, values)) / len(values) if values else 0.0


def is_email(value: str) -> bool:
    """Whether a cell holds an e-mail address, or several."""
    with contextlib.suppress(ValueError):
        return all(email_key(part.partition("(")[0]) for part in value.split(";") if part.strip())
    return False


def is_headerless(first: Sequence[str], custom: Mapping[str, str]) -> bool:
    """Whether the first row of a file holds values and no names: none that is known, and what names never are."""
    names = {*_FIELDS, *(folded(name) for name in custom.values()), *map(folded, custom)}
    if any(folded(cell) in names for cell in first):
        return False
    return any(is_email(cell.strip()) or is_day(cell.strip()) or _is_number(cell) for cell in first if cell.strip())


def _is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"[+-]?\d[\d .,()/-]*", cell.strip()))
