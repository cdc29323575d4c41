"""What the how-to says of Zalo's numbers and settings is what the code does."""

import re

from bot.channels.zalo_oa import LEFT, NAME
from bot.channels.zalo_oa.refusals import CLASSES
from bot.config_channels import ZaloBotSettings, ZaloOaSettings
from tests.places import ROOT

PAGE = (ROOT / "docs" / "how-to" / "zalo.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| ((?:-\d+(?:, )?)+(?:any other)?) \|", re.MULTILINE)
SETTING = re.compile(r"`(zalo_oa|zalo_bot)\.(\w+)`")


def test_every_number_stands_in_one_row_with_its_like() -> None:
    rows = [{int(number) for number in re.findall(r"-\d+", row)} for row in ROW.findall(PAGE)]
    listed = [number for row in rows for number in row]

    assert sorted(listed) == sorted(CLASSES)
    assert {frozenset(row) for row in rows} >= {LEFT}


def test_every_setting_named_exists() -> None:
    found = SETTING.findall(PAGE)

    assert len(found) > 8
    for section, key in found:
        assert key in (ZaloOaSettings if section == NAME else ZaloBotSettings).model_fields
