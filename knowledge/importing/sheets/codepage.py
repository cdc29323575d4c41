"""Bytes to Vietnamese text, and texts that were written with another code page or an old font."""

import codecs
import re
import unicodedata
from collections import Counter

from knowledge.importing.reading import ImportProblem

LOOKED_AT = 200_000
"""Characters by which a text is judged."""
LETTERS = frozenset("ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ")
_PUNCTUATION = frozenset("“”‘’–—…•→←≥≤×÷±²³°§½⏎€₫\u00a0")
_TCVN3 = re.compile(r"[A-Za-z][µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉËªÌÐÎÏÑ«åæçè¬êëìíî®]|[ñ®]")
_VNI = re.compile(r"[aeouyAEOUY][øùûõïâêåäëöüØÙÛÕÏÂÊÅÄËÖÜ]|ñ[aeiouy]|[öô][ôøùûõï]")
_TWICE = re.compile(r"Ã[\u0080-\u00bf]|á[º»]|Ä[\u0080-\u00bf‘]|Æ[\u0080-\u00bf°¡]")
_LOST = re.compile(r"(?<=[^\W\d_])\?(?=[^\W\d_])|\ufffd")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

SAVE_AGAIN = (
    "Mở tệp gốc bằng Excel, chọn Lưu thành (Save As) loại “CSV UTF-8” hoặc “Excel Workbook (.xlsx)” rồi nhập lại."
)


def decode(content: bytes, file: str) -> str:
    """The text of a file: UTF-8 or UTF-16 with its mark, UTF-8 without, or Windows-1258. Raises ImportProblem."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                raise ImportProblem(f"Tệp {file} bị hỏng: không đọc hết được chữ. {SAVE_AGAIN}") from None
    if b"\x00" in content:
        raise ImportProblem(f"Tệp {file} không phải tệp chữ. {SAVE_AGAIN}")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        text = unicodedata.normalize("NFC", content.decode("cp1258", errors="replace"))
    if fault := fault_of(text) or fault_of(content.decode("cp1252", errors="replace")):
        raise ImportProblem(f"Tệp {file}: {fault} {SAVE_AGAIN}")
    return text


def fault_of(text: str) -> str:
    """Why a text cannot be Vietnamese as it was meant, one sentence; "" where nothing is wrong."""
    sample = unicodedata.normalize("NFC", text[:LOOKED_AT])
    counts = Counter(sample.lower())
    # Beyond the Latin letters there is nothing that a wrong code page would give: other scripts are meant.
    special = {c: n for c, n in counts.items() if c in LETTERS or (0x7F < ord(c) < 0x250 and c not in _PUNCTUATION)}
    right = sum(n for c, n in special.items() if c in LETTERS)
    wrong = sum(special.values()) - right
    lost = len(_LOST.findall(sample))
    if lost >= 5 and lost * 4 > right:
        return "chữ có dấu đã mất, thành dấu hỏi (lưu bằng bảng mã không có tiếng Việt)."
    if wrong < 5 or wrong * 4 < right:
        return ""
    guesses = {
        "chữ bị đọc sai bảng mã (UTF-8 mở nhầm thành Windows-1252).": len(_TWICE.findall(sample)),
        "chữ viết bằng bảng mã cũ TCVN3 (phông .Vn...), cần chuyển sang Unicode.": len(_TCVN3.findall(sample)),
        "chữ viết bằng bảng mã cũ VNI, cần chuyển sang Unicode.": len(_VNI.findall(sample)),
    }
    guess, times = max(guesses.items(), key=lambda one: one[1])
    return guess if times * 4 > wrong else ""
