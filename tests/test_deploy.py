"""What a host is set up with: the papers and files name what is there, and keep what they promise. Nothing is run."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAPER = "docs/hosting.md"
FILES = (PAPER, "Dockerfile", ".dockerignore", "compose.yaml", "deploy/Caddyfile", "deploy/smallwins.service")
CONTAINERS = ("Dockerfile", "compose.yaml")
VARIABLE = re.compile(r"\bSMALLWINS_[A-Z_]+\b")
UNIT = (
    "LimitCORE=0",
    "MemorySwapMax=0",
    "StateDirectoryMode=0700",
    "UMask=0077",
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
    "MemoryDenyWriteExecute=yes",
    "CapabilityBoundingSet=",
    "KillSignal=SIGTERM",
)


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def said(name: str) -> str:
    """A file of settings without its comments."""
    return re.sub(r"^\s*#.*$", "", text_of(name), flags=re.MULTILINE)


def service(name: str) -> str:
    """One service of compose.yaml."""
    services = said("compose.yaml").split("\nservices:\n")[1].split("\nnetworks:\n")[0]
    return re.split(r"^  \w+:$", services.split(f"  {name}:\n")[1], flags=re.MULTILINE)[0]


@pytest.mark.parametrize("name", FILES)
def test_every_variable_is_in_the_list_of_settings(name):
    assert set(VARIABLE.findall(text_of(name))) <= set(VARIABLE.findall(text_of("docs/settings.md")))


@pytest.mark.parametrize("name", CONTAINERS)
def test_it_says_first_what_was_not_tried(name):
    assert "untried here" in text_of(name).splitlines()[0].lower()


def test_the_paper_says_it_too():
    section = text_of(PAPER).split("\n## With containers\n")[1].split("\n## ")[0]
    assert "untried here" in section.lower()


def test_the_paper_is_short_enough_to_follow():
    assert len(text_of(PAPER).splitlines()) <= 200


def test_the_files_it_copies_are_there():
    copied = re.findall(r"/opt/smallwins-source/([\w./]+)", text_of(PAPER))
    assert copied
    assert not [name for name in copied if not (ROOT / name).is_file()]


# --- The service --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", UNIT)
def test_the_service_may_do_little(line):
    assert line in said("deploy/smallwins.service").splitlines()


def test_the_service_starts_what_the_paper_installs():
    unit = said("deploy/smallwins.service")
    assert "ExecStart=/opt/smallwins/bin/smallwins serve --host" in unit.splitlines()
    assert "python3 -m venv /opt/smallwins\n" in text_of(PAPER)
    settings = re.search(r"^EnvironmentFile=(\S+)$", unit, re.MULTILINE)
    assert settings
    assert f"sudo tee {settings[1]} " in text_of(PAPER)


def test_the_service_does_not_try_again_what_it_refused():
    from smallwins.cli.codes import USAGE

    assert f"RestartPreventExitStatus={USAGE}" in said("deploy/smallwins.service").splitlines()


def test_the_keys_lie_apart_from_what_is_kept():
    folders = dict(re.findall(r"^ +(SMALLWINS_HOME|SMALLWINS_KEYS)=(\S+)$", text_of(PAPER), re.MULTILINE))
    home, keys = folders["SMALLWINS_HOME"], folders["SMALLWINS_KEYS"]
    assert not keys.startswith(home + "/")
    names = f"StateDirectory={Path(home).name} {Path(keys).name}"
    assert names in said("deploy/smallwins.service").splitlines()


# --- The proxy ----------------------------------------------------------------------------------------------------


def test_the_proxy_writes_down_no_visit():
    site = said("deploy/Caddyfile").split("\n}\n", 1)[1]
    assert "reverse_proxy" in site
    assert not re.search(r"^\s*log\b", site, re.MULTILINE)


def test_the_proxy_writes_no_address_when_the_program_does_not_answer():
    logs = re.findall(r"^\s*log\b.*?\{(.*?)\}", said("deploy/Caddyfile"), re.MULTILINE | re.DOTALL)
    assert [part.split() for part in logs] == [
        ["exclude", "http.log.access", "http.log.error", "http.handlers.reverse_proxy"]
    ]


def test_the_proxy_believes_no_visitor():
    assert "trusted_proxies" not in said("deploy/Caddyfile")
    assert "header_up" not in said("deploy/Caddyfile")


def test_the_proxy_lets_through_the_largest_file_that_can_be_brought_in():
    from django.conf import settings

    limit = re.search(r"max_size (\d+)MiB", said("deploy/Caddyfile"))
    assert limit
    assert int(limit[1]) * 1024 * 1024 > settings.FILE_UPLOAD_MAX_MEMORY_SIZE


# --- Containers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["smallwins", "database", "caddy"])
def test_every_container_may_do_little(name):
    lines = [line.strip() for line in service(name).splitlines()]
    assert {"read_only: true", "cap_drop: [ALL]", 'security_opt: ["no-new-privileges:true"]', "core: 0"} <= set(lines)
    memory = dict(re.findall(r"^\s+(mem_limit|memswap_limit): (\w+)$", service(name), re.MULTILINE))
    assert memory["mem_limit"] == memory["memswap_limit"]  # no swap


def test_only_the_proxy_can_be_reached_and_only_its_word_is_taken():
    assert [name for name in ("smallwins", "database", "caddy") if "ports:" in service(name)] == ["caddy"]
    believed = re.search(r"SMALLWINS_PROXY: (\S+)", service("smallwins"))
    assert believed
    assert f"ipv4_address: {believed[1]}\n" in service("caddy")
    assert f"ipv4_address: {believed[1]}\n" not in service("smallwins")


def test_no_password_is_written_into_a_file_that_is_shared():
    assert not re.search(r"://[^/@\s]*:[^/@\s]*@", said("compose.yaml") + said("Dockerfile"))
    assert "POSTGRES_PASSWORD:" not in said("compose.yaml")


def test_only_what_the_image_is_made_of_goes_to_the_builder():
    rules = said(".dockerignore").split()
    assert rules[0] == "*"
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", said("Dockerfile"), re.MULTILINE)
    assert {name for line in copied for name in line.split()} == {rule[1:] for rule in rules if rule.startswith("!")}


def test_the_image_runs_as_nobody_in_particular_and_asks_for_health():
    image = said("Dockerfile")
    assert re.search(r"^USER (?!0|root)\d+:\d+$", image, re.MULTILINE)
    assert "/health" in image
    command = re.search(r"^CMD (\[.*\])$", image, re.MULTILINE)
    assert command
    assert json.loads(command[1]) == ["serve", "--host"]
