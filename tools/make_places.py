"""Makes knowledge/lexicon/places.tsv: the communes in force and the older units each was made from."""

import csv
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

HEAD = """\
# The communes in force since 1 July 2025 and the older units that each was made from; made by tools/make_places.py.
# Data: a list of the administrative units of Viet Nam after the reform of 2025, published under the MIT licence.
# province <TAB> kind (p = phường, x = xã, d = đặc khu) <TAB> name <TAB> older names, ";" between them
"""
KINDS = {"phường": "p", "xã": "x", "đặc khu": "d"}
_PROVINCE = re.compile(r"^(?:tỉnh|thành phố)\s+", re.IGNORECASE)
_UNIT = re.compile(r"^(phường|xã|đặc khu)\s+", re.IGNORECASE)
_OLDER = re.compile(r"(?:^|\s)(?:phường|xã|thị trấn|đặc khu|huyện|quận|thị xã|thành phố)\s+(.+)$", re.IGNORECASE)
_DISTRICT = re.compile(r"\((?:quận|huyện|thị xã|thành phố)\s+([^()]+)\)", re.IGNORECASE)
_ASIDE = re.compile(r"\([^()]*\)?")
_BREAK = re.compile(r"[,;.]|\s(?:và|sau khi|phần còn lại|một phần|sắp|thuộc|của các|của)\s")
_UNCHANGED = "giữ nguyên"


def short(province: str) -> str:
    """ "Tỉnh Sơn La" -> "Sơn La", spelt as the desk spells it ("Khánh Hòa")."""
    return _PROVINCE.sub("", _clean(province)).replace("Hoá", "Hóa").replace("Hoà", "Hòa")


def older(formerly: str) -> tuple[str, ...]:
    """Names of the units that a commune was made from, districts among them; numbers are no names."""
    text = _clean(formerly)
    if text.lower() == _UNCHANGED:
        return ()
    found = list(_DISTRICT.findall(text))
    for piece in _BREAK.split(_ASIDE.sub(" , ", text)):
        unit = _OLDER.search(piece)
        name = _name(unit[1] if unit else piece)
        if name:
            found.append(name)
    return tuple(dict.fromkeys(name for name in map(str.strip, found) if not name.isdigit() and len(name) > 1))


def _name(text: str) -> str:
    """The text if each of its words is written like part of a name; "" for any other words."""
    again = _OLDER.search(text)
    words = (again[1] if again else text).split()
    return " ".join(words) if words and all(word[:1].isupper() or word.isdigit() for word in words) else ""


def _clean(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def lines(rows: Iterable[dict[str, str]]) -> Iterator[str]:
    """One line per commune, in the order of the source."""
    for row in rows:
        name = _clean(row["commune"])
        kind = _UNIT.match(name)
        if kind is None:
            raise ValueError(f"not a commune: {name!r}")
        own = name[kind.end() :]
        made_of = ";".join(old for old in older(row["formerly"]) if old != own)
        yield f"{short(row['province'])}\t{KINDS[kind[1].lower()]}\t{own}\t{made_of}"


def made(source: Path) -> str:
    """The whole data file."""
    with source.open(encoding="utf-8", newline="") as file:
        return HEAD + "\n".join(lines(csv.DictReader(file))) + "\n"


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("python tools/make_places.py COMMUNES.csv OUT.tsv (columns: province, commune, formerly)")
    Path(sys.argv[2]).write_text(made(Path(sys.argv[1])), encoding="utf-8")
