"""How mail leaves: encrypted or not at all, except within this machine."""

import ssl
from email.message import EmailMessage
from pathlib import Path

import pytest

from services.notify.deliveries import transport
from services.notify.deliveries.failures import PutOff, is_this_machine
from services.notify.deliveries.transport import Mailbox, Smtp, transport_of
from services.notify.settings import NotifySettings
from shared.settings import Settings
from tests.service.notify.office import MailServer
from tests.support.certificates import localhost_certificate


def letter() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "kompas@example.dk", "amina@example.com", "Hej"
    message.set_content("Hej æøå\n", cte="8bit")
    return message


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return localhost_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def far_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests have no other machine than this one; here it counts as another."""
    monkeypatch.setattr(transport, "is_this_machine", lambda _: False)


async def send(smtp: Smtp) -> None:
    async with smtp.open() as post:
        await post(letter(), "name")


@pytest.mark.usefixtures("far_away")
async def test_a_server_without_encryption_gets_no_mail() -> None:
    async with MailServer().running() as server:
        with pytest.raises(PutOff):
            await send(server.smtp("localhost"))

    assert (server.asked, server.mails) == (0, [])


@pytest.mark.usefixtures("far_away")
async def test_a_server_that_cannot_prove_who_it_is_gets_no_mail(tls: ssl.SSLContext) -> None:
    async with MailServer().running(tls=tls) as server:
        with pytest.raises(PutOff):
            await send(server.smtp("localhost"))

    assert (server.asked, server.mails) == (0, [])


@pytest.mark.usefixtures("far_away")
async def test_a_server_that_proves_who_it_is_gets_the_mail_encrypted(
    tls: ssl.SSLContext, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    async with MailServer().running(tls=tls) as server:  # It refuses mail before STARTTLS.
        await send(server.smtp("localhost"))

    (mail,) = server.mails
    assert mail.get_content().strip() == "Hej æøå"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_this_machine_is_this_machine(host: str) -> None:
    assert is_this_machine(host.strip("[]"))


@pytest.mark.parametrize("host", ["mail.example.dk", "10.0.0.1", "localhost.example.dk", "0.0.0.0"])  # noqa: S104
def test_another_machine_is_none(host: str) -> None:
    assert not is_this_machine(host)


@pytest.mark.parametrize("url", ["mail.example.dk", "http://mail.example.dk", "smtp://", "mailto:a@example.dk"])
def test_an_address_of_no_mail_server_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match="KOMPAS_SMTP_URL"):
        Smtp(url)


def test_a_password_for_the_mail_server_is_not_printed() -> None:
    settings = NotifySettings(database_url="", smtp_url="smtp://user:s3cret@mail.example.dk")

    assert "s3cret" not in repr(settings) + str(settings)


def test_a_folder_wins_over_a_mail_server(tmp_path: Path) -> None:
    both = NotifySettings(database_url="", smtp_url="smtp://mail.example.dk", mailbox=tmp_path)

    assert isinstance(transport_of(both), Mailbox)


def test_the_shared_settings_are_completed_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KOMPAS_MAILBOX", str(tmp_path))
    monkeypatch.setenv("KOMPAS_DATABASE_URL", "postgresql://elsewhere")

    settings = NotifySettings.completing(Settings(database_url="postgresql://here"))

    assert (settings.database_url, settings.mailbox) == ("postgresql://here", tmp_path)


async def test_a_folder_that_cannot_be_written_to_puts_mail_off(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")

    async with Mailbox(tmp_path / "file" / "mailbox").open() as post:
        with pytest.raises(PutOff):
            await post(letter(), "name")


async def test_an_address_beyond_ascii_is_written_as_it_is(tmp_path: Path) -> None:
    mail = letter()
    mail.replace_header("To", "åse@example.com")

    async with Mailbox(tmp_path).open() as post:
        await post(mail, "name")

    assert "åse@example.com" in (tmp_path / "name.eml").read_text()
