"""A document as what it holds from top to bottom: lines of text and rows of tables, whatever file it comes from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph outside tables."""

    text: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row as it stands on its page. table: counted from 1; cells: one text per column of the table.

    whole: one cell over all columns, as headings within a table are; its text is then in the first cell.
    """

    table: int
    cells: tuple[str, ...]
    whole: bool = False

    @property
    def text(self) -> str:
        """What a row of one cell says."""
        return next((cell for cell in self.cells if cell), "")

    @property
    def filled(self) -> tuple[int, ...]:
        """The columns that hold anything."""
        return tuple(place for place, cell in enumerate(self.cells) if cell)


Block = Line | TableRow
