"""Messages under lock and key."""

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr, ValidationError

from services.booking.messages.sealing import Seals, Unreadable
from services.booking.settings import BookingSettings
from shared.errors import Invalid

OLD, NEW = (SecretStr(Fernet.generate_key().decode()) for _ in range(2))


def test_a_message_can_be_read_with_its_key_and_with_no_other() -> None:
    sealed = Seals([OLD]).seal("Jeg er bange for at komme alene æøå")

    assert sealed
    assert b"bange" not in sealed
    assert Seals([OLD]).open(sealed) == Seals([NEW, OLD]).open(sealed) == "Jeg er bange for at komme alene æøå"
    for seals in (Seals([NEW]), Seals([])):
        with pytest.raises(Unreadable):
            seals.open(sealed)


def test_a_new_key_takes_over_and_the_old_one_can_go() -> None:
    sealed = Seals([OLD]).seal("Hej") or b""

    renewed = Seals([NEW, OLD]).renewed(sealed)

    assert renewed
    assert Seals([NEW]).open(renewed) == "Hej"
    assert Seals([NEW, OLD]).renewed(renewed) is None
    assert Seals([]).renewed(sealed) is Seals([NEW]).renewed(sealed) is None


def test_without_a_key_no_message_is_taken() -> None:
    assert Seals([]).seal(None) is None
    with pytest.raises(Invalid):
        Seals([]).seal("Hej")


def test_keys_are_read_from_one_line_and_a_bad_one_does_not_start() -> None:
    both = f"{NEW.get_secret_value()}, {OLD.get_secret_value()}"

    assert BookingSettings(database_url="", message_keys=both).message_keys == (NEW, OLD)
    with pytest.raises(ValidationError) as refused:
        BookingSettings(database_url="", message_keys="hemmelig")
    assert "hemmelig" not in str(refused.value)
