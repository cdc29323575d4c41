"""The running service reminds units by the mail server of its settings."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from bot.app import App
from bot.campaigns.plans.reading import read_plan_text
from bot.campaigns.plans.reminding import StoredUnits
from bot.campaigns.plans.storing import StoredPlans
from bot.config import Settings
from bot.config_plans import MailSettings
from bot.storage.audit import Deed
from bot.storage.engine import make_engine
from bot.storage.schema import upgrade
from knowledge.store import calendar_day
from tests.bot.campaigns.plans.office import a_text
from tests.bot.pages.office import a_base
from tests.doubles.smtp import a_mail_server

BY = Deed(actor="an", action="")
FRIDAY = datetime(2026, 11, 20, 3, tzinfo=UTC)


async def test_a_service_with_a_mail_server_reminds(sqlite_url: str) -> None:
    upgrade(sqlite_url)
    engine = make_engine(sqlite_url)
    async with a_mail_server() as server:
        mail = MailSettings(host="127.0.0.1", port=server.port, security="none", sender="cchc@so.example")
        app = App(Settings(mail=mail), engine, a_base(), lambda: FRIDAY)
        plans = StoredPlans(engine)
        number = await plans.add(read_plan_text(a_text(), calendar_day(FRIDAY)), source="", by=BY, now=FRIDAY)
        await plans.accept(number, by=BY, now=FRIDAY)
        await StoredUnits(engine).put("Văn phòng", "vp@so.example", by=BY, now=FRIDAY)

        assert await app.reminders().run() == 1
        assert "Báo cáo kết quả" in server.texts()[0]
    await engine.dispose()


def test_mail_needs_a_sender_and_its_password_is_never_shown() -> None:
    with pytest.raises(ValidationError, match="sender"):
        MailSettings(host="thu.so.example")
    with pytest.raises(ValidationError):
        MailSettings(host="thu.so.example", sender="a@so.example\nBcc: b@so.example")
    with_password = Settings(mail={"password": "bi-mat"})  # type: ignore[arg-type]

    assert "bi-mat" not in repr(with_password)
    assert "password" not in with_password.mail.model_dump()
