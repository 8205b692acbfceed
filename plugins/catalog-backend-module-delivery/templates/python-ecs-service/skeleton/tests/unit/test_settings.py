import pytest

from app.settings import SettingsError, read_settings

URL = {"DATABASE_URL": "postgresql://a:secret@b/c"}


def test_an_address_is_taken_as_it_is() -> None:
    assert read_settings(URL).database_url == "postgresql://a:secret@b/c"


def test_the_older_scheme_of_an_address_is_understood() -> None:
    assert read_settings({"DATABASE_URL": "postgres://a@b/c"}).database_url == "postgresql://a@b/c"


def test_keys_are_separated_by_commas_and_empty_ones_do_not_count() -> None:
    assert read_settings({**URL, "API_KEYS": " one, two,,"}).api_keys == ("one", "two")


def test_without_api_keys_there_are_none() -> None:
    assert read_settings(URL).api_keys == ()


def test_the_port_is_the_one_that_the_task_definition_tells() -> None:
    assert read_settings({**URL, "PORT": "9000"}).port == 9000
    assert read_settings(URL).port == 8080


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "80 80"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(SettingsError, match="PORT"):
        read_settings({**URL, "PORT": port})


@pytest.mark.parametrize("env", [{}, {"DATABASE_URL": ""}, {"DATABASE_URL": "mysql://a@b/c"}])
def test_without_a_postgres_database_there_is_no_service(env: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL"):
        read_settings(env)


def test_an_error_does_not_tell_what_the_secret_holds() -> None:
    with pytest.raises(SettingsError) as error:
        read_settings({"DATABASE_URL": "4kX0c9"})
    assert "4kX0c9" not in str(error.value)
