"""The revision of a database as it is read at every start, without Alembic."""

from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from bot.errors import StoreError
from bot.store import migrations, schema

ROOT = Path(__file__).resolve().parents[2]


def test_the_head_is_that_of_the_scripts() -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "models" / "migrations"))
    config.set_main_option("path_separator", "os")
    assert schema.head() == ScriptDirectory.from_config(config).get_current_head()


def test_an_empty_database_has_no_revision(tmp_path: Path) -> None:
    assert schema.current(f"sqlite:///{tmp_path / 'empty.db'}") is None


def test_the_revision_follows_the_schema_forward_and_back(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'muster.db'}"
    migrations.move(url)
    assert schema.current(url) == schema.head()
    migrations.move(url, "base")
    assert schema.current(url) is None


def test_the_revision_of_a_server(postgres_url: str) -> None:
    assert schema.current(postgres_url) == schema.head()


@pytest.mark.parametrize(
    ("name", "why"), [("nowhere/muster.db", "unable to open"), ("notes.txt", "not a database")]
)
def test_what_is_no_database_is_said_in_a_sentence(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "notes.txt").write_text("Anything but a database, and longer than a header.\n" * 9)
    for reach in (schema.current, migrations.move):
        with pytest.raises(StoreError, match=why):
            reach(f"sqlite:///{tmp_path / name}")


def test_a_server_that_is_not_there_is_said_without_its_password() -> None:
    with pytest.raises(StoreError, match="Connection refused") as raised:
        schema.current("postgresql://muster:geheim@127.0.0.1:1/muster")
    assert "geheim" not in str(raised.value)
