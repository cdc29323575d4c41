"""A procedure as schema.org's GovernmentService, for search engines."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from markupsafe import Markup

from bot.pages.catalogue import AUDIENCES, audiences
from handlers.describe.office import receiver
from handlers.describe.wording import one_line
from knowledge.charges import fee_in_force
from knowledge.clauses import in_force
from knowledge.entries import Method, Procedure, SubmissionChannel, TimeLimit, TimeUnit

CHANNELS = {
    SubmissionChannel.DIRECT: "Nộp trực tiếp",
    SubmissionChannel.ONLINE: "Nộp trực tuyến",
    SubmissionChannel.POSTAL: "Nộp qua bưu chính công ích",
}
_DURATIONS = {TimeUnit.DAY: "P{}D", TimeUnit.MONTH: "P{}M", TimeUnit.YEAR: "P{}Y", TimeUnit.HOUR: "PT{}H"}
"""Working days have no ISO 8601 duration of their own, so they are left out."""
_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def service(procedure: Procedure, address: str, today: date) -> dict[str, Any]:
    """What is in force on this day; parts that are not recorded are left out."""
    described: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "name": one_line(procedure.name),
        "identifier": procedure.code,
        "url": address,
        "serviceType": one_line(procedure.field),
        "provider": {"@type": "GovernmentOrganization", "name": receiver(procedure)},
        "areaServed": {"@type": "AdministrativeArea", "name": procedure.province or "Việt Nam"},
        "audience": [
            {"@type": "Audience", "audienceType": AUDIENCES[key]} for key in sorted(audiences(procedure.subjects))
        ],
        "availableChannel": [_channel(method, procedure, today) for method in procedure.methods],
        "serviceOutput": _output(procedure, today),
        "sameAs": procedure.source_url,
    }
    return {key: value for key, value in described.items() if value}


def script(described: dict[str, Any]) -> Markup:
    """The JSON for a data block, with nothing that could end it."""
    text = json.dumps(described, ensure_ascii=False)
    for character, escape in _UNSAFE.items():
        text = text.replace(character, escape)
    return Markup(text)  # noqa: S704 - escaped above


def _channel(method: Method, procedure: Procedure, today: date) -> dict[str, Any]:
    described: dict[str, Any] = {"@type": "ServiceChannel", "name": CHANNELS[method.channel]}
    if method.channel is SubmissionChannel.ONLINE and procedure.source_url:
        described["serviceUrl"] = procedure.source_url
    if duration := _duration(method.time):
        described["processingTime"] = duration
    offers = [
        {"@type": "Offer", "price": amount, "priceCurrency": "VND"} for amount in dict.fromkeys(_amounts(method, today))
    ]
    if offers:
        described["offers"] = offers
    return described


def _amounts(method: Method, today: date) -> Iterator[int]:
    for fee in method.fees:
        held = fee_in_force(fee, today)
        if held is not None and held.amount is not None:
            yield held.amount


def _duration(limit: TimeLimit | None) -> str:
    if limit is None or limit.amount is None or limit.amount != int(limit.amount) or limit.unit not in _DURATIONS:
        return ""
    return _DURATIONS[limit.unit].format(int(limit.amount))


def _output(procedure: Procedure, today: date) -> dict[str, str] | None:
    text = one_line(in_force(procedure.results, today, prose=True))
    return {"@type": "Thing", "name": text} if text else None
