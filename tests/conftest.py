"""What holds for every room's tests."""

import os
from zlib import crc32

import pytest

from tests.rules.switched_off import Trial
from tests.rules.village import Village


def _not_in_ci(report):
    """A test that is skipped where everything is installed proves nothing: there it fails."""
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI, where nothing may be: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    return _not_in_ci((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    return _not_in_ci((yield))


# --- the law without its guards, one at a time ---------------------------------------------------


def pytest_addoption(parser):
    parser.addoption(
        "--switched-off",
        action="store_true",
        help="leave out each rule that a test sees refuse, and ask the proofs what then stands",
    )


def pytest_configure(config):
    if config.getoption("--switched-off"):
        Village.trial = Trial()


def pytest_collection_modifyitems(config, items):
    """A test of several packs is run on one of them, the next on another: the proofs take long."""
    if not config.getoption("--switched-off"):
        return
    alike = {}
    for item in items:
        given = item.callspec.params if hasattr(item, "callspec") else {}
        alike.setdefault(item.nodeid.replace(given.get("pack", " "), ""), []).append(item)
    chosen = {group[crc32(name.encode()) % len(group)] for name, group in alike.items()}
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = [item for item in items if item in chosen]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """A process of tests has ended: what it tried is told with the rest."""
    if Village.trial is not None:
        Village.trial.take(getattr(node, "workeroutput", {}).get("switched_off", {}))


def pytest_sessionfinish(session):
    if Village.trial is None:
        return
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["switched_off"] = Village.trial.plain()
        return
    Village.trial.play()
    if Village.trial.unnoticed():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    if Village.trial is None:
        return
    terminalreporter.section("rules switched off")
    for line in Village.trial.told():
        terminalreporter.line(line)
