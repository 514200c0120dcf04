"""What a skip means, and what --quick leaves out, tried on small suites of their own."""

import pytest

SKIPPING = """
import pytest

def test_passes():
    pass

def test_needs_what_is_not_here():
    pytest.skip("Chromium is not installed")

@pytest.mark.xfail(reason="known")
def test_is_known_to_fail():
    assert False
"""
KINDS = """
import pytest

@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request):
    return request.param

@pytest.fixture
def browser():
    return None

def test_on_both(database_url):
    pass

@pytest.mark.only_on("postgresql")
def test_on_postgresql_only(database_url):
    assert database_url == "postgresql"

def test_in_the_browser(browser):
    pass
"""


@pytest.fixture
def suite(pytester):
    """Runs pytest on a text, with the selection of this project."""
    pytester.makeconftest('pytest_plugins = ["tests.services.selection"]')

    def run(text, *options):
        pytester.makepyfile(text)
        return pytester.runpytest_inprocess("-p", "no:cacheprovider", *options)

    return run


def test_a_skip_is_told_with_its_reason(suite, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    result = suite(SKIPPING)
    result.assert_outcomes(passed=1, skipped=1, xfailed=1)
    result.stdout.fnmatch_lines(["LEFT OUT: 1 tests: Chromium is not installed"])
    assert result.ret == pytest.ExitCode.OK


def test_with_ci_a_skip_is_a_failure(suite, monkeypatch):
    monkeypatch.setenv("CI", "true")
    result = suite(SKIPPING)
    result.assert_outcomes(passed=1, failed=1, xfailed=1)
    result.stdout.fnmatch_lines(["skipped, which fails with CI=true: Chromium is not installed"])
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_with_ci_a_skipped_file_is_a_failure(suite, monkeypatch):
    monkeypatch.setenv("CI", "true")
    result = suite("import pytest; pytest.skip('no torch', allow_module_level=True)")
    result.assert_outcomes(errors=1)
    assert result.ret != pytest.ExitCode.OK


def test_a_test_runs_on_the_database_it_is_for(suite):
    suite(KINDS).assert_outcomes(passed=4, deselected=1)


def test_quick_leaves_out_what_needs_a_server(suite):
    suite(KINDS, "--quick").assert_outcomes(passed=1, deselected=4)
