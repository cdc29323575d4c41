"""Pictures are told by what they hold, and lose what a camera writes about place and owner."""

import struct
import zlib

import pytest

from bot.staff.pictures import MOST_BYTES, PictureProblem, checked_picture

PLACE = b"GPS 21.3256 103.9188, owner of the camera"


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def a_png(width: int = 40, height: int = 30, *more: bytes) -> bytes:
    """A grey picture."""
    lines = zlib.compress(b"".join(b"\0" + bytes([128]) * width for _ in range(height)))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def a_jpeg(orientation: int = 6) -> bytes:
    """A picture as a telephone writes it; what it shows is left out."""
    tiff = b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0) + PLACE
    frame = segment(0xC0, struct.pack(">BHHB", 8, 300, 400, 1) + b"\x01\x11\0")
    parts = segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"), segment(0xE1, b"Exif\0\0" + tiff), segment(0xFE, PLACE)
    return b"\xff\xd8" + b"".join(parts) + frame + segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"\x12\x34\xff\xd9" + PLACE


def a_webp() -> bytes:
    """A picture with remarks."""
    parts = [(b"VP8X", b"\x0c\0\0\0" + (99).to_bytes(3, "little") + (49).to_bytes(3, "little")), (b"EXIF", PLACE)]
    parts += [(b"VP8L", b"\x2f\0\0\0\0\0")]
    body = b"WEBP" + b"".join(n + struct.pack("<I", len(b)) + b + b"\0" * (len(b) % 2) for n, b in parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def test_a_picture_keeps_what_it_shows_and_loses_the_rest() -> None:
    png = checked_picture(a_png(40, 30, chunk(b"eXIf", PLACE), chunk(b"tEXt", PLACE)))
    jpeg, webp = checked_picture(a_jpeg()), checked_picture(a_webp())

    assert [(one.type, one.width, one.height) for one in (png, jpeg, webp)] == [
        ("png", 40, 30),
        ("jpeg", 400, 300),
        ("webp", 100, 50),
    ]
    assert png.content == a_png()
    assert all(PLACE not in one.content for one in (png, jpeg, webp))
    assert jpeg.content.endswith(b"\x12\x34\xff\xd9")
    again = checked_picture(jpeg.content)  # how it is to be turned has stayed
    assert again.content == jpeg.content
    assert b"Exif" in jpeg.content
    assert b"Exif" not in checked_picture(a_jpeg(orientation=1)).content
    assert checked_picture(webp.content).content == webp.content


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "không phải hình"),
        (b"<svg onload=alert(1)>", "không phải hình"),
        (b"GIF89a" + b"\0" * 40, "không phải hình"),
        (b"MZ" + a_png(), "không phải hình"),
        (a_png()[:-20], "bị hỏng"),
        (a_png().replace(b"IDAT", b"IDAX"), "bị hỏng"),
        (a_jpeg()[:60], "bị hỏng"),
        (b"\xff\xd8\xff", "bị hỏng"),
        (a_webp()[:40], "bị hỏng"),
        (a_png(8, 8), "16 đến 6000"),
        (a_png(6001, 16), "16 đến 6000"),
        (a_png() + b"\0" * MOST_BYTES, "3 MB"),
    ],
    ids=range(12),
)
def test_what_is_no_sound_picture_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(PictureProblem, match=words):
        checked_picture(content)
