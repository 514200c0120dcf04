"""The wheel holds everything a site needs, and the site runs from it where no checkout is."""

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from consulta.app import create_app
from consulta.core.extensions import db
from tests.services.databases import settings_for
from tests.services.site import flask

CHECKOUT = Path(__file__).resolve().parents[1]
# What a site reads beside its code: one file of each stands for its folder, the folders are compared whole below.
FOLDERS = {"templates": "consulta/templates", "static": "consulta/static", "migrations": "consulta/migrations"}
INSIDE = ["consulta/data", "consulta/translations"]
# A visitor's first page, asked of the unpacked wheel: migrated, served, with its style sheets.
FIRST_VISIT = """
import json, pathlib, re, sys
import consulta
from consulta.app import create_app
from flask_migrate import upgrade
app = create_app()
with app.app_context():
    upgrade()
client = app.test_client()
page = client.get("/", base_url=app.config["PUBLIC_URL"])
sheets = re.findall(r'<link[^>]+href="([^"]+\\.css[^"]*)"', page.text)
answers = {sheet: client.get(sheet, base_url=app.config["PUBLIC_URL"]).status_code for sheet in sheets}
print(json.dumps([str(pathlib.Path(consulta.__file__).parent), page.status_code, answers]))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The built wheel's path; nothing is fetched to build it."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, CHECKOUT]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def unpacked(wheel, tmp_path_factory):
    """The folder that the wheel was unpacked into, far from the checkout."""
    folder = tmp_path_factory.mktemp("site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def committed(folder):
    """Return the files of the checkout below `folder` that git keeps, or would."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", folder]
    listed = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [name for name in listed if (CHECKOUT / name).is_file()]


@pytest.mark.parametrize("folder", [*FOLDERS, *INSIDE, "consulta"])
def test_the_wheel_holds_every_file_of(folder, unpacked):
    inside = FOLDERS.get(folder, folder)
    expected = {name.replace(folder, inside, 1) for name in committed(folder)}
    assert expected, f"{folder} is empty in the checkout"
    missing = {name for name in expected if not (unpacked / name).is_file()}
    assert not missing


def test_the_wheel_holds_the_compiled_english(unpacked):
    assert list(unpacked.glob("consulta/translations/en/LC_MESSAGES/*.mo"))


def test_the_wheel_holds_no_tests_and_no_rows(unpacked):
    assert {path.name for path in unpacked.iterdir()} == {"consulta", f"consulta-{version()}.dist-info"}


def test_the_wheel_says_its_licence(unpacked):
    (info,) = unpacked.glob("*.dist-info")
    assert "License-Expression: AGPL-3.0-or-later" in (info / "METADATA").read_text()


def test_the_command_of_the_wheel_works(unpacked, tmp_path):
    (info,) = unpacked.glob("*.dist-info")
    told = (info / "entry_points.txt").read_text()
    module, name = re.search(r"^consulta = (\S+):(\S+)$", told, re.MULTILINE).groups()
    done = alone(f"import sys; from {module} import {name}; sys.argv[1:] = ['settings']; {name}()", unpacked, tmp_path)
    assert "SECRET_KEY" in done.stdout


def test_the_site_answers_from_the_wheel_alone(unpacked, tmp_path):
    package, status, sheets = json.loads(alone(FIRST_VISIT, unpacked, tmp_path).stdout.splitlines()[-1])
    assert package == str(unpacked / "consulta")
    assert status == 200
    assert sheets and set(sheets.values()) == {200}, sheets


def alone(program, unpacked, folder):
    """Run `program` (Python) in `folder` with the unpacked wheel and no checkout; returns it finished."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(unpacked),
        "DEMO": "1",
        "INSTANCE": str(folder / "instance"),
        "PUBLIC_URL": "http://localhost",
    }
    # -P: the folder it is started in is not looked into, and it is not the checkout anyway.
    command = [sys.executable, "-P", "-c", program]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done


def test_every_dependency_is_pinned():
    """A set-up today and one in a year install the same: constraints.txt names each direct dependency exactly."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    wanted = project["dependencies"] + [each for extra in project["optional-dependencies"].values() for each in extra]
    names = {re.match(r"[\w.-]+", requirement)[0].lower() for requirement in wanted}
    lines = (CHECKOUT / "constraints.txt").read_text().splitlines()
    pinned = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    assert names <= pinned.keys()
    assert pinned["torch"] == "2.13.0"


def test_flask_db_upgrade_makes_the_tables_that_the_models_say(blank_database_url, tmp_path):
    settings = settings_for(blank_database_url, tmp_path)
    environment = {name: str(settings[name]) for name in ("SECRET_KEY", "DATABASE_URL", "INSTANCE")}
    for _again in range(2):  # a second time changes nothing, as `make demo` does it at every start
        flask(["db", "upgrade"], {"PATH": os.environ["PATH"], **environment})
    with create_app(settings).app_context():
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, db.metadata) == []
        db.engine.dispose()


def version():
    """Return the version that pyproject.toml gives."""
    return tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]["version"]
