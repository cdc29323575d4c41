"""One row of cells as the fields of an entry, and an entry as a row of cells."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from knowledge.importing.reading import Refusal
from knowledge.importing.sheets.cells import Cell, made_id, read_cell, text_of, write_cell
from knowledge.importing.sheets.columns import Column, Shape, Sheet
from knowledge.importing.sheets.methods import read_methods, write_methods
from knowledge.text import clean_block

_NAMED_BY = {"faq": "question", "offices": "name"}
"""Forms whose rows may leave the id to us, and what it is made from."""


def entry_row(sheet: Sheet, cells: Mapping[str, Cell]) -> dict[str, Any]:
    """The fields of the entry that a row tells, as JSON would hold them. Raises Refusal, naming the heading."""
    row: dict[str, Any] = {}
    methods: dict[tuple[str, str], str] = {}
    for column in sheet.columns:
        if column.name not in cells:
            continue
        cell = cells[column.name]
        try:
            if column.shape is Shape.METHOD:
                part, _, channel = column.name.partition(":")
                methods[part, channel] = clean_block(text_of(cell))
                continue
            value = read_cell(column.shape, cell)
        except Refusal as refusal:
            raise Refusal(column.heading, refusal.reason) from None
        if value is not None:
            row[column.name] = value
    if sheet.form == "procedures":
        try:
            row["methods"] = read_methods(row.pop("channels", []), methods)
        except Refusal as refusal:
            raise Refusal(sheet.column(refusal.field).heading, refusal.reason) from None
    if made_from := row.get(_NAMED_BY.get(sheet.form, "")):
        row.setdefault("id", made_id(made_from))
    for column in sheet.required:
        if column.name not in row:
            raise Refusal(column.heading, "thiếu hoặc để trống")
    return row


def written_row(sheet: Sheet, entry: object) -> dict[str, str | date]:
    """The cells of an entry by column name, only those that hold anything."""
    methods = write_methods(getattr(entry, "methods", ()))
    written = {column.name: _written(column, entry, methods) for column in sheet.columns if not column.imported_only}
    return {name: value for name, value in written.items() if value != ""}


def _written(column: Column, entry: object, methods: Mapping[tuple[str, str], str]) -> str | date:
    if column.shape is Shape.METHOD:
        part, _, channel = column.name.partition(":")
        return methods.get((part, channel), "")
    return write_cell(column.shape, getattr(entry, "methods" if column.name == "channels" else column.name))


def headings(sheet: Sheet) -> dict[str, str]:
    """The heading of each field, for refusals that name the field."""
    return {column.name: column.heading for column in sheet.columns} | {"methods": "Cách nộp"}
