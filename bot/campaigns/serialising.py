"""Campaigns as rows and back."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bot.campaigns.audience import Audience
from bot.campaigns.campaign import Campaign, Plan, State, ZaloPlan
from handlers.messages import Link

_AS_JSON = ("texts", "links", "procedures", "audience", "zalo")


def values_of(plan: Plan) -> dict[str, Any]:
    """The columns of what people write."""
    values = asdict(plan)
    return {name: _json(value) if name in _AS_JSON else value for name, value in values.items()}


def campaign_of(row: Mapping[Any, Any]) -> Campaign:
    """A row as a campaign."""
    written = {name: row[name] for name in Plan.__dataclass_fields__}
    for name in _AS_JSON:
        written[name] = json.loads(written[name])
    written["links"] = tuple(Link(**link) for link in written["links"])
    written["procedures"] = tuple(written["procedures"])
    written["audience"] = Audience(**{name: tuple(value) for name, value in written["audience"].items()})
    written["zalo"] = ZaloPlan(**written["zalo"])
    kept = {name: row[name] for name in Campaign.__dataclass_fields__ if name not in ("plan", "state")}
    return Campaign(plan=Plan(**written), state=State(row["state"]), **kept)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
