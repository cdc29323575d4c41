"""Whether an event really comes from Zalo: a plain SHA-256 over the raw bytes and a secret, in the header's `mac`."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

SIGNATURE = "x-zevent-signature"
TIMESTAMP = "x-zevent-timestamp"

Identity = Literal["app_id", "oa_id"]
Clock = Literal["body", "header"]


@dataclass(frozen=True, slots=True)
class Formula:
    """Which id begins what is hashed, and where the time in it comes from; sources disagree on both."""

    identity: Identity = "app_id"
    clock: Clock = "body"


FORMULAS = (Formula(), Formula("app_id", "header"), Formula("oa_id", "body"), Formula("oa_id", "header"))


@dataclass(frozen=True, slots=True)
class Seal:
    """What we know of Zalo's signature. secret: the "OA Secret Key" of the webhook page, not the app's secret."""

    app_id: str
    oa_id: str
    secret: str = field(repr=False)
    formula: Formula = Formula()

    def holds(self, raw: bytes, body: Mapping[str, Any], headers: Mapping[str, str]) -> bool:
        """True if the event is signed by the formula set. raw: its bytes as they came; body: the same, read."""
        return self._matches(self.formula, raw, body, headers)

    def would_hold(self, raw: bytes, body: Mapping[str, Any], headers: Mapping[str, str]) -> Formula | None:
        """The other formula by which a refused event is signed, so that the log can say which setting is wrong."""
        return next((other for other in FORMULAS if self._matches(other, raw, body, headers)), None)

    def _matches(self, formula: Formula, raw: bytes, body: Mapping[str, Any], headers: Mapping[str, str]) -> bool:
        identity = self.app_id if formula.identity == "app_id" else self.oa_id
        stamp = body.get("timestamp", "") if formula.clock == "body" else headers.get(TIMESTAMP, "")
        given = headers.get(SIGNATURE, "").removeprefix("mac=").strip().lower()
        if not (identity and self.secret and stamp and given):
            return False
        mac = hashlib.sha256(identity.encode() + raw + str(stamp).encode() + self.secret.encode()).hexdigest()
        return hmac.compare_digest(mac.encode(), given.encode("utf-8", "replace"))
