"""The authenticator's six digits: a secret to set it up with, its QR code, and which step a code belongs to."""

import base64
import hashlib
import hmac
import re
from datetime import datetime

import pyotp
import segno
from markupsafe import Markup

from bot.storage.staff import Account

STEP_SECONDS = 30
ISSUER = "Mot Cua"
NEIGHBOURS = (0, -1, 1)
"""Steps that a code may belong to besides the present one: telephones' clocks go wrong."""
_CODE = re.compile(r"\d{6}", re.ASCII)


def new_totp(session_secret: str) -> str:
    """The base32 secret that is offered in one session: the same however often the page is opened, and kept nowhere."""
    made = hmac.new(session_secret.encode(), b"authenticator", hashlib.sha256).digest()[:20]
    return base64.b32encode(made).decode()


def qr_of(secret: str, account: Account) -> Markup:
    """What authenticators read, as SVG within the page: an address would be one more place of the secret."""
    # Short and plain: every letter with an accent takes nine signs, and a dense code is hard to read with a camera.
    uri = pyotp.TOTP(secret).provisioning_uri(name=account.name, issuer_name=ISSUER)
    drawn = segno.make(uri, error="m", micro=False).svg_inline(scale=4, border=2, omitsize=False, title="Mã QR")
    return Markup(drawn)  # noqa: S704 - drawn by us


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The 30-second step whose code this is; None for a wrong code."""
    digits = code.replace(" ", "")
    if not secret or not _CODE.fullmatch(digits):
        return None
    totp, present = pyotp.TOTP(secret, interval=STEP_SECONDS), int(now.timestamp()) // STEP_SECONDS
    return next(
        (present + near for near in NEIGHBOURS if hmac.compare_digest(totp.generate_otp(present + near), digits)), None
    )
