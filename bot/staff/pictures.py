"""Pictures that staff send: told by what they hold, measured, freed of what a camera wrote about place and owner."""

import struct
import zlib
from dataclasses import dataclass, field

MOST_BYTES = 3_000_000
LONGEST_SIDE = 6000
SMALLEST_SIDE = 16
TOO_LARGE = "Hình lớn quá 3 MB; hãy thu nhỏ rồi gửi lại."
UNKNOWN = "Tệp không phải hình PNG, JPEG hay WebP."
BROKEN = "Hình bị hỏng hoặc gửi chưa hết."
BAD_SIZE = "Mỗi cạnh của hình phải từ 16 đến 6000 điểm."
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"sRGB", b"cHRM", b"iCCP", b"pHYs", b"bKGD"}
)
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_LEFT_OUT = frozenset({0xE1, 0xED, 0xFE, *range(0xE3, 0xED), 0xEF})
_ORIENTATION = 0x0112


class PictureProblem(Exception):
    """A picture that is not taken; the message is Vietnamese."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept. type: "png", "jpeg" or "webp"."""

    type: str
    width: int
    height: int
    content: bytes = field(repr=False)


def checked_picture(content: bytes) -> Picture:
    """The picture without remarks, place and thumbnails of the camera. Raises PictureProblem."""
    if len(content) > MOST_BYTES:
        raise PictureProblem(TOO_LARGE)
    try:
        if content.startswith(_PNG):
            found = _png(content)
        elif content.startswith(b"\xff\xd8\xff"):
            found = _jpeg(content)
        elif content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            found = _webp(content)
        else:
            raise PictureProblem(UNKNOWN)
    except (IndexError, struct.error) as error:
        raise PictureProblem(BROKEN) from error
    if not all(SMALLEST_SIDE <= side <= LONGEST_SIDE for side in (found.width, found.height)):
        raise PictureProblem(BAD_SIZE)
    return found


def _png(content: bytes) -> Picture:
    kept, place, size, ended = [_PNG], len(_PNG), (0, 0), False
    while place < len(content) and not ended:
        length, name = struct.unpack_from(">I4s", content, place)
        chunk = content[place : place + 12 + length]
        if len(chunk) < 12 + length or struct.unpack(">I", chunk[-4:])[0] != zlib.crc32(chunk[4:-4]):
            raise PictureProblem(BROKEN)
        if name == b"IHDR":
            size = struct.unpack_from(">II", chunk, 8)
        if name in _PNG_KEPT:
            kept.append(chunk)
        ended = name == b"IEND"
        place += 12 + length
    if not ended or b"IDAT" not in {chunk[4:8] for chunk in kept}:
        raise PictureProblem(BROKEN)
    return Picture("png", *size, b"".join(kept))


def _jpeg(content: bytes) -> Picture:
    kept, place, size, turned = [], 2, (0, 0), 1
    while True:
        if content[place] != 0xFF:
            raise PictureProblem(BROKEN)
        marker = content[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        (length,) = struct.unpack_from(">H", content, place + 2)
        segment = content[place : place + 2 + length]
        if length < 2 or len(segment) < 2 + length:
            raise PictureProblem(BROKEN)
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", segment, 5)
            size = (width, height)
        if marker == 0xE1 and segment[4:10] == b"Exif\0\0":
            turned = _orientation(segment[10:]) or turned
        if marker == 0xDA:  # the picture itself, up to its end
            end = content.rfind(b"\xff\xd9")
            if end < place:
                raise PictureProblem(BROKEN)
            kept.append(content[place : end + 2])
            break
        if marker not in _JPEG_LEFT_OUT:
            kept.append(segment)
        place += 2 + length
    head = [b"\xff\xd8", *([_turned(turned)] if turned != 1 else [])]
    return Picture("jpeg", *size, b"".join(head + kept))


def _orientation(tiff: bytes) -> int:
    """How the camera was held (1 to 8), 0 where it does not say."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 0
    (first,) = struct.unpack_from(f"{order}I", tiff, 4)
    (count,) = struct.unpack_from(f"{order}H", tiff, first)
    for number in range(min(count, 200)):
        tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * number)
        if tag == _ORIENTATION:
            return int(value) if 1 <= value <= 8 else 0
    return 0


def _turned(orientation: int) -> bytes:
    """A segment that says how the picture is to be turned, and nothing else."""
    tiff = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, orientation, 0, 0)
    body = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _webp(content: bytes) -> Picture:
    (whole,) = struct.unpack_from("<I", content, 4)
    if whole + 8 > len(content):
        raise PictureProblem(BROKEN)
    kept, place, size = [], 12, (0, 0)
    while place + 8 <= whole + 8:
        name, length = struct.unpack_from("<4sI", content, place)
        chunk = content[place : place + 8 + length + length % 2]
        if name in (b"EXIF", b"XMP "):
            place += len(chunk)
            continue
        if name == b"VP8X":
            flags = bytes([chunk[8] & ~0x0C])
            chunk = chunk[:8] + flags + chunk[9:]
            size = (1 + int.from_bytes(chunk[12:15], "little"), 1 + int.from_bytes(chunk[15:18], "little"))
        elif name == b"VP8 " and size == (0, 0):
            width, height = struct.unpack_from("<HH", chunk, 14)
            size = (width & 0x3FFF, height & 0x3FFF)
        elif name == b"VP8L" and size == (0, 0):
            (bits,) = struct.unpack_from("<I", chunk, 9)
            size = ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        kept.append(chunk)
        place += 8 + length + length % 2
    body = b"WEBP" + b"".join(kept)
    return Picture("webp", *size, b"RIFF" + struct.pack("<I", len(body)) + body)
