"""Which tests run where, and what a skip means."""

import gc
import os
from collections import Counter
from itertools import count

import pytest

SERVICES = {"postgresql", "durable_postgresql", "_redis", "browser"}
SITES = {"new_site", "demo_site"}
# All rubbish is collected between tests, once in so many.
TESTS_A_ROUND = 40

_done = count(1)


def pytest_addoption(parser):
    """Add --quick."""
    parser.addoption("--quick", action="store_true", help="only tests without PostgreSQL, Redis, gunicorn or a browser")


def pytest_configure(config):
    """Name the marks that this module reads."""
    config.addinivalue_line("markers", "only_on(kind): run on one kind of database, sqlite or postgresql")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Drop what `only_on` and --quick exclude."""
    dropped = [item for item in items if _is_on_other_kind(item) or (config.option.quick and _needs_service(item))]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = [item for item in items if item not in set(dropped)]


def pytest_collection_finish():
    """Have Python look for rubbish seldom, never in what is there to stay: that was a fifth of all the time."""
    _tidy()
    gc.set_threshold(10_000, 10, 1_000)


def pytest_runtest_logfinish():
    """Collect what the last tests left behind."""
    if next(_done) % TESTS_A_ROUND == 0:
        _tidy()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item):
    """With CI=true a test that was skipped has failed: nothing may be left out without anybody noticing."""
    report = yield
    return _failed_if_skipped(report)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report(collector):
    """With CI=true a file that was skipped has failed."""
    report = yield
    return _failed_if_skipped(report)


def pytest_terminal_summary(terminalreporter):
    """Say which parts were left out and why."""
    left_out = Counter(_reason(report) for report in terminalreporter.stats.get("skipped", ()))
    for reason, number in left_out.most_common():
        terminalreporter.write_line(f"LEFT OUT: {number} tests: {reason}", yellow=True, bold=True)


def _tidy():
    # What is left then, a million objects such as compiled statements, is looked through once and never again.
    gc.collect()
    gc.freeze()


def _needs_service(item):
    return "postgresql" in _parameters(item) or (SERVICES | SITES) & set(item.fixturenames)


def _is_on_other_kind(item):
    only = item.get_closest_marker("only_on")
    kinds = [value for value in _parameters(item) if value in ("sqlite", "postgresql")]
    return bool(only and kinds and only.args[0] not in kinds)


def _parameters(item):
    return item.callspec.params.values() if hasattr(item, "callspec") else ()


def _failed_if_skipped(report):
    if os.environ.get("CI") == "true" and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"skipped, which fails with CI=true: {_reason(report)}"
    return report


def _reason(report):
    # A skip is told as (file, line, "Skipped: why").
    told = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return told.removeprefix("Skipped: ")
