"""The renumbered codes shipped with the program: which old code of a procedure leads to which new one."""

import re
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.importing.local import CodeAlias
from knowledge.importing.reading import ImportProblem
from knowledge.lexicon.reading import lines
from knowledge.tables import code_alias

FORM = "code-aliases"
FILE = "renumbered.tsv"
_CODE = re.compile(r"\d\.\d{6,9}")
_COLUMNS = 4


def shipped(path: Path) -> dict[str, CodeAlias]:
    """The renumbered codes of a file, by old code: old, new, old name, ground, with tabs between.

    Raises ImportProblem for a line of another shape, an old code named twice, or one that leads to another old code.
    """
    found: dict[str, CodeAlias] = {}
    for number, line in lines(path):
        columns = line.split("\t")
        if len(columns) != _COLUMNS or not all(_CODE.fullmatch(code) for code in columns[:2]) or columns[0] in found:
            raise ImportProblem(f"{path.name}:{number}: cần mã cũ, mã mới, tên cũ, căn cứ; mỗi mã cũ một lần.")
        found[columns[0]] = CodeAlias(old_code=columns[0], new_code=columns[1])
    if chained := {alias.new_code for alias in found.values()} & found.keys():
        raise ImportProblem(f"{path.name}: mã mới lại là mã cũ ở dòng khác: {', '.join(sorted(chained))}.")
    return found


async def still_unknown(session: AsyncSession, found: Mapping[str, CodeAlias]) -> dict[str, CodeAlias]:
    """Those that the base does not know otherwise: what the office or the portal said of a code stays."""
    rows = await session.execute(select(code_alias.c.old_code, code_alias.c.new_code))
    held = {row.old_code: row.new_code for row in rows}
    return {
        old: alias
        for old, alias in found.items()
        if held.get(old, alias.new_code) == alias.new_code and not _leads_to(held, alias.new_code, old)
    }


def _leads_to(held: Mapping[str, str], code: str, goal: str) -> bool:
    seen = set()
    while code in held and code not in seen:
        seen.add(code)
        code = held[code]
    return code == goal
