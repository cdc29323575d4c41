"""Entries as JSON, for the database and for files, and back."""

import functools
import hashlib
from collections.abc import Hashable
from dataclasses import replace
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

from knowledge.entries import Faq, LegalDocument, LocalOverlay, Office, Phrases, Procedure

Entry = Procedure | Faq | Office | LegalDocument
Written = Entry | LocalOverlay | Phrases
"""Everything that staff write: entries, what the office adds to them, everyday words for them."""
Value = TypeVar("Value", Procedure, Faq, Office, LegalDocument, LocalOverlay, Phrases)


def adapter(type_: type[Value]) -> TypeAdapter[Value]:
    """The reader and writer of one kind of entry; its errors are pydantic's ValidationError."""
    return cast(TypeAdapter[Value], _adapter(cast(Hashable, type_)))


@functools.cache
def _adapter(type_: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast(Any, type_))


def to_json(value: Written) -> bytes:
    """One line of JSON; parts that are not recorded are left out."""
    return _adapter(cast(Hashable, type(value))).dump_json(value, exclude_defaults=True)


def content_hash(value: Written) -> str:
    """SHA-256 (hex) of what the entry says.

    The data date is left out: the same text read on a later day is no new version, otherwise every monthly
    snapshot would make 5,652 versions that say the same, and staff would have to review them all.
    """
    said = replace(value, data_date=None) if isinstance(value, Procedure) else value
    return hashlib.sha256(to_json(said)).hexdigest()


def procedure_from_json(body: bytes | str) -> Procedure:
    """The procedure that `to_json` wrote. Raises pydantic.ValidationError."""
    return adapter(Procedure).validate_json(body)


def faq_from_json(body: bytes | str) -> Faq:
    """The FAQ entry that `to_json` wrote. Raises pydantic.ValidationError."""
    return adapter(Faq).validate_json(body)


def office_from_json(body: bytes | str) -> Office:
    """The office that `to_json` wrote. Raises pydantic.ValidationError."""
    return adapter(Office).validate_json(body)


def legal_document_from_json(body: bytes | str) -> LegalDocument:
    """The legal document that `to_json` wrote. Raises pydantic.ValidationError."""
    return adapter(LegalDocument).validate_json(body)


def overlay_from_json(body: bytes | str) -> LocalOverlay:
    """The overlay that `to_json` wrote. Raises pydantic.ValidationError."""
    return adapter(LocalOverlay).validate_json(body)


def phrases_from_json(body: bytes | str) -> Phrases:
    """The everyday words that `to_json` wrote. Raises pydantic.ValidationError."""
    return adapter(Phrases).validate_json(body)
