"""What the README says is so."""

import re
import subprocess
from pathlib import Path

import pytest

from consulta.config import DEMO_KEY, SETTINGS, BadSetting, load

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_stands_in_the_readme_with_its_reason(setting):
    assert f"| `{setting.name}` |" in README
    assert setting.why in README


def test_the_readme_names_no_setting_that_does_not_exist():
    named = set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE))
    assert named == {setting.name for setting in SETTINGS}


def test_the_readme_opens_with_the_two_commands():
    lines = [line for line in README.splitlines() if line.strip()]
    assert lines[1].split()[:2] == ["make", "demo"]
    assert lines[2].split()[:2] == ["make", "test"]


def test_every_make_target_that_the_readme_names_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", README)) <= targets


def test_every_picture_and_folder_that_the_readme_names_is_there():
    for path in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README):
        assert (ROOT / path).is_file(), path
    for path in re.findall(r"`((?:consulta|tests|migrations|benchmarks|templates|static)(?:/[\w.]+)*)`", README):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("key", ["", "short", "secret", "a" * 40, "change-me", DEMO_KEY])
def test_without_a_key_of_its_own_the_site_does_not_start(key, tmp_path):
    with pytest.raises(BadSetting, match="SECRET_KEY"):
        load({"INSTANCE": str(tmp_path)}, {"SECRET_KEY": key})


def test_a_demonstration_starts_without_a_key(tmp_path):
    assert load({"INSTANCE": str(tmp_path)}, {"DEMO": "1"})["DEMO"] is True


@pytest.mark.parametrize("name, value", [("SWEEP_SECONDS", "often"), ("DEMO", "perhaps"), ("TRUSTED_PROXIES", "1.5")])
def test_a_setting_that_cannot_be_read_is_named(name, value, tmp_path):
    with pytest.raises(BadSetting, match=name):
        load({"INSTANCE": str(tmp_path)}, {"SECRET_KEY": "0123456789abcdefghij0123456789abcdefghij", name: value})


def test_no_address_of_a_package_registry_stands_in_any_file():
    # The names are put together here so that this file does not hold them.
    hosts = [
        ".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("debian", "org"))
    ]
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.split(b"\0")
    for path in (ROOT / name.decode() for name in files if name):
        if path.is_file() and path.stat().st_size < 1_000_000:
            text = path.read_bytes()
            assert not [host for host in hosts if host.encode() in text], path
