"""Official mail against a mail server of the tests."""

import pytest

from bot.mail import Mail, MailProblem, Smtp
from tests.doubles.smtp import MailServer, a_mail_server

LETTER = Mail(to="van-phong@so.example", subject="[Nhắc việc] 2 việc quá hạn", text="Kính gửi Văn phòng,\n.\nHết.")


def _smtp(server: MailServer, **more: str) -> Smtp:
    return Smtp(host="127.0.0.1", port=server.port, security="none", sender="cchc@so.example", **more)


async def test_a_letter_arrives_as_it_was_written() -> None:
    async with a_mail_server() as server:
        await _smtp(server).send(LETTER)

    (letter,) = server.letters
    assert (letter["From"], letter["To"]) == ("cchc@so.example", LETTER.to)
    assert letter["Subject"] == LETTER.subject
    assert letter["Auto-Submitted"] == "auto-generated"
    assert server.texts() == [LETTER.text + "\n"]


async def test_signing_in_and_being_refused() -> None:
    async with a_mail_server() as server:
        server.user, server.password = "cchc", "mat-khau"
        await _smtp(server, user="cchc", password="mat-khau").send(LETTER)  # noqa: S106 - invented
        with pytest.raises(MailProblem) as refused:
            await _smtp(server, user="cchc", password="sai").send(LETTER)  # noqa: S106 - invented

    assert server.signed_in == ["cchc", "cchc"]
    assert len(server.letters) == 1
    assert str(refused.value) == "SMTPAuthenticationError 535"
    assert "mat-khau" not in repr(_smtp(server, password="mat-khau"))  # noqa: S106 - invented


async def test_what_goes_wrong_is_told_without_addresses() -> None:
    async with a_mail_server() as server:
        server.refuse = 550
        with pytest.raises(MailProblem) as unknown:
            await _smtp(server).send(LETTER)
        server.refuse, server.hang_up = 0, True
        with pytest.raises(MailProblem):
            await _smtp(server).send(LETTER)
        server.hang_up = False
        with pytest.raises(MailProblem):
            await _smtp(server).send(Mail(to="a@so.example", subject="x\nBcc: b@so.example", text=""))
        with pytest.raises(MailProblem):
            await Smtp(host="127.0.0.1", port=server.port, security="starttls", sender="a@so.example").send(LETTER)
    with pytest.raises(MailProblem):
        await _smtp(server).send(LETTER)

    assert "so.example" not in str(unknown.value)
    assert server.letters == []
