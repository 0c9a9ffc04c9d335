"""What may lie in the repository: its licence, its locks, its sizes, and nobody's own addresses."""

import hashlib
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LARGEST_FILE = 1 << 20
LOCKS = ("requirements.lock", "requirements-test.lock")


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


def text_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace")


def description() -> dict:
    return tomllib.loads(text_of(ROOT / "pyproject.toml"))


def locked(lock: str) -> dict[str, str]:
    """Name → release of a lock file."""
    pins = re.findall(r"^([A-Za-z0-9._-]+)==([^ ]+)", text_of(ROOT / lock), re.MULTILINE)
    return {canonicalize_name(name): release for name, release in pins}


def wanted(extra: str = "") -> list[Requirement]:
    """What the description asks for, with an extra's own extras unfolded."""
    project = description()["project"]
    lines = project["dependencies"] if not extra else project["optional-dependencies"][extra]
    found = []
    for requirement in map(Requirement, lines):
        if requirement.name == project["name"]:
            found += [inner for name in requirement.extras for inner in wanted(name)]
        else:
            found.append(requirement)
    return found


def test_the_licence_is_the_whole_affero_licence_version_three():
    # The hash of the text as the Free Software Foundation publishes it.
    expected = "0d96a4ff68ad6d4b6f1f30f713b18d5184912ba8dd389f86aa7710db079abcb0"
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == expected
    assert description()["project"]["license"] == "AGPL-3.0-or-later"


# Written in pieces, so that this file does not hold what it forbids.
FORBIDDEN = {
    "a registry's address": "|".join(
        (
            "pypi" + r"\.org",
            "python" + "hosted",
            "registry" + r"\.npmjs",
            "deb" + r"\.debian",
            "proxy" + r"\.golang",
            "crates" + r"\.io",
            "--(extra-)?index-" + "url",
            "find-" + "links",
        )
    ),
    "a path of somebody's machine": r"(?<![\w.$}])/(work|root|tmp|home/\w+|Users/\w+)/",
    "the name of a tool of the workplace": "|".join(
        ("farm-" + "studio", "farm-" + "bench", "issues " + "show", r"\.library" + "/")
    ),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what):
    pattern = re.compile(FORBIDDEN[what], re.IGNORECASE)
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path in tracked()
        if path.is_file()
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if pattern.search(line)
    ]
    assert not found, "\n".join(found)


def test_no_file_is_large():
    large = {str(path): path.stat().st_size for path in tracked() if path.is_file()}
    assert {name: size for name, size in large.items() if size > LARGEST_FILE} == {}


def test_nothing_left_for_later_is_called_done():
    pattern = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X")) + r")\b")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked()
        if path.suffix in {".py", ".html", ".js", ".css", ".toml", ".md", ".sh"}
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if pattern.search(line)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_releases_and_hashes_and_no_place(lock):
    text = text_of(ROOT / lock)
    assert "://" not in text
    entries = re.split(r"\n(?=\S)", text.strip())
    assert len(entries) > 10
    for entry in entries:
        head, *hashes = [line.strip(" \\") for line in entry.splitlines()]
        name, _, marker = head.partition(";")
        assert re.fullmatch(r"[a-z0-9._-]+==[0-9][0-9A-Za-z.+!]*", name.strip()), head
        assert not marker or Marker(marker)
        assert hashes, f"{head} has no hash"
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", line) for line in hashes), head


@pytest.mark.parametrize(("lock", "extra"), [(LOCKS[0], ""), (LOCKS[1], ""), (LOCKS[1], "dev")])
def test_a_lock_is_in_step_with_the_description(lock, extra):
    pins = locked(lock)
    for requirement in wanted(extra):
        release = pins.get(canonicalize_name(requirement.name))
        assert release, f"{requirement.name} is not in {lock}: run tools/lock"
        assert requirement.specifier.contains(release), (
            f"{requirement} but {release}: run tools/lock"
        )


def test_the_tests_run_on_the_releases_that_members_run():
    assert locked(LOCKS[0]).items() <= locked(LOCKS[1]).items()


def test_every_library_is_described():
    described = set(re.findall(r"`([a-z0-9-]+)`", text_of(ROOT / "docs/dependencies.md")))
    project = description()["project"]
    extras = project["optional-dependencies"]
    asked = {r.name for r in wanted()} | {r.name for extra in extras for r in wanted(extra)}
    assert asked <= described, f"say in docs/dependencies.md what for: {asked - described}"
    assert set(extras) - {"dev"} <= described


def test_every_link_between_the_documents_leads_somewhere():
    documents = [path for path in tracked() if path.suffix == ".md"]
    lost = [
        f"{document.relative_to(ROOT)}: {link}"
        for document in documents
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text_of(document))
        if not (document.parent / link).exists()
    ]
    assert lost == []


def test_every_file_that_the_documents_name_exists():
    path_like = re.compile(r"`((?:src|tests|tools|docs|bench)/[\w./-]*)`")
    lost = [
        f"{document.relative_to(ROOT)}: {named}"
        for document in tracked()
        if document.suffix == ".md"
        for named in path_like.findall(text_of(document))
        if not (ROOT / named).exists()
    ]
    assert lost == []
