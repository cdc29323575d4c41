"""One request at the staff desk, with who makes it and what they sent."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.staff.forms import Form, clean_text, whole
from bot.staff.notices import NOTICES
from bot.storage.audit import LONGEST_PLACE, Deed, Detail
from bot.storage.staff import Account, Role
from bot.storage.staff_sessions import StaffSession
from bot.web.frame import Frame, display_of

LONGEST_QUERY_VALUE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What a page is given. account and session: None outside; form: of a POST; menu: the entries this visitor sees.

    secret: the cookie's value, never stored or logged.
    """

    request: Request
    frame: Frame
    now: datetime
    secret: str = field(repr=False)
    account: Account | None = None
    session: StaffSession | None = None
    form: Form = Form()  # noqa: RUF009 - frozen
    menu: Sequence[tuple[str, str]] = ()

    @property
    def me(self) -> Account:
        """Who is signed in. Raises RuntimeError on pages that can be opened from outside."""
        if self.account is None:
            raise RuntimeError("nobody is signed in")
        return self.account

    @property
    def place(self) -> str:
        """The network address, for the record."""
        return (self.request.client.host if self.request.client else "")[:LONGEST_PLACE]

    @property
    def token(self) -> str:
        """What a form has to send along to prove that it comes from a page of this browser's session."""
        return token_of(self.secret)

    def owns(self, token: str) -> bool:
        """True if a form's token is of this browser's session."""
        return hmac.compare_digest(self.token.encode(), token.encode("utf-8", "replace"))

    def may(self, *wanted: Role) -> bool:
        """True if the visitor has any of these roles."""
        return bool(self.account and self.account.roles & set(wanted))

    def query(self, name: str) -> str:
        """A value of the address's query, without blanks around it; "" where there is none."""
        return clean_text(self.request.query_params.get(name, "")[:LONGEST_QUERY_VALUE]).strip()

    def number(self, name: str, default: int = 1) -> int:
        """A whole number of the query, such as the page of a list."""
        found = whole(self.query(name))
        return default if found is None else found

    def part(self, name: str) -> str:
        """The part of the address that stands for {name}."""
        return clean_text(str(self.request.path_params[name]))

    def deed(self, action: str, subject: str = "", detail: Detail | None = None) -> Deed:
        """A line for the record, with the visitor as actor."""
        actor = self.account.name if self.account else ""
        return Deed(actor=actor, action=action, subject=subject, detail=detail or {}, place=self.place)

    def page(self, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """A whole page within the layout. `problem` and `notice` are shown at its head."""
        display = display_of(self.request)
        said = {"problem": "", "notice": NOTICES.get(self.query("xong"), ""), **values}
        return HTMLResponse(self.frame.render(template, display, visit=self, **said), status_code=status)

    def go(self, address: str, done: str = "", **query: str | int) -> Response:
        """To another page after a POST. done: a key of NOTICES, shown there."""
        asked: Mapping[str, str | int] = {**query, **({"xong": done} if done else {})}
        return RedirectResponse(f"{address}?{urlencode(asked)}" if asked else address, status_code=303)

    def with_form(self, form: Form) -> "Visit":
        """The same with what was sent."""
        return replace(self, form=form)


def token_of(secret: str) -> str:
    """The token of the forms of one session."""
    return hmac.new(secret.encode("utf-8", "replace"), b"staff form", hashlib.sha256).hexdigest()
