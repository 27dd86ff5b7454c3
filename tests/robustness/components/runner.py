"""Runs one case: the sites, the commands, the judge."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.robustness.components import cache, data
from tests.robustness.components.cases import ANSWERS, JOBS, Case
from tests.robustness.components.judge import Run, Verdict, judge, secrets_in
from tests.robustness.components.server import Addresses, serving
from tests.robustness.components.world import World

TIMEOUT_SECONDS = 240
PATIENCE_SECONDS = 8  # what the program is given for a page
TODAY = "2024-06-03"  # a day inside the window of both notices
KEPT_APART = ("work", "user", "out", "said")  # folders of a case that are searched for secrets


@dataclass
class Result:
    """How a case ended."""

    case: Case
    verdict: Verdict
    reasons: list[str]
    runs: list[Run]

    @property
    def line(self) -> str:
        """The result in one line."""
        exits = ",".join(str(run.exit_status) for run in self.runs)
        seconds = sum(run.seconds for run in self.runs)
        return f"{self.verdict:10} {self.case.id:58} {seconds:5.0f} s  exit {exits}  {'; '.join(self.reasons[:4])}"


def own_command() -> list[str]:
    """The `gradsync` beside the Python that runs."""
    return [str(Path(sys.executable).with_name("gradsync"))]


def _environment(case: Case, places: Addresses, root: Path) -> dict[str, str]:
    env = {
        k: v
        for k, v in os.environ.items()
        if not k.startswith("GRADSYNC_") or k.startswith("GRADSYNC_BROWSER")
    }
    env |= {
        "GRADSYNC_SITES__CHSI__LOGIN_URL": f"{places.chsi}/passport/login",
        "GRADSYNC_SITES__CHSI__ARCHIVE_URL": f"{places.chsi}/archive/index.action",
        "GRADSYNC_SITES__CHAOXING__LOGIN_URL": f"{places.chaoxing}/login?sfxs=1",
        "GRADSYNC_SITES__LZU__PORTAL_URL": f"{places.lzu}/mylzu/home",
        "GRADSYNC_HEADLESS": "1",
        "GRADSYNC_TODAY": TODAY,
        "GRADSYNC_SLOW_NETWORK_SECONDS": str(PATIENCE_SECONDS),
        "GRADSYNC_ANSWERS": str(root / "given" / "answers.json"),
        "TMPDIR": str(root / "tmp"),
    }
    env |= {f"XDG_{name}_HOME": str(root / "user" / name.lower()) for name in ("CONFIG", "DATA", "STATE")}
    for site in ("chsi", "chaoxing", "lzu"):
        env[f"GRADSYNC_SITES__{site.upper()}__USERNAME"] = case.subject.account(site)
        env[f"GRADSYNC_SITES__{site.upper()}__PASSWORD"] = case.subject.password(site)
    return env


def _ended(command: list[str], env: dict[str, str], root: Path, number: int) -> Run:
    out, began = root / "out" / f"case{number}", time.monotonic()
    said = root / "said" / f"{number}.stderr"
    with said.open("wb") as stderr, said.with_suffix(".stdout").open("wb") as stdout:
        process = subprocess.Popen(
            [*command, "--out", str(out)],
            env=env,
            cwd=root / "work",
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )
        try:
            status: int | None = process.wait(TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            status = None
    report = out / "report.json"
    told = json.loads(report.read_text("utf-8")) if report.exists() else None
    trouble = (told or {}).get("trouble") or {}
    words = trouble.get("message") or said.read_text("utf-8", "replace").strip().rsplit("\n", 1)[-1][:160]
    return Run(status, told, time.monotonic() - began, words)


def run_case(case: Case, command: list[str], keep: Path | None = None) -> Result:
    """Run the commands of a case against its sites and judge them.

    Raises:
        PackagesMissingError: the libraries are not here and cannot be fetched.
    """
    job, world = JOBS[case.job], World(case.words, case.subject)
    with tempfile.TemporaryDirectory(prefix="components-") as folder:
        root = keep / case.id if keep else Path(folder)
        for name in ("given", "tmp", "work", "user", "out", "said"):
            (root / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        form = root / "given" / "form.toml"
        form.write_text(data.form_toml(), "utf-8")
        (root / "given" / "answers.json").write_text(json.dumps(ANSWERS, ensure_ascii=False), "utf-8")
        with serving(case.sites, world, cache.libraries()) as places:
            env = _environment(case, places, root)
            runs = [
                _ended(
                    [
                        *command,
                        words[0],
                        "--profile",
                        job.profile,
                        *(str(form) if w == "{form}" else w for w in words[1:]),
                    ],
                    env,
                    root,
                    number,
                )
                for number, words in enumerate(job.commands)
            ]
        runs[-1].leaks = [hit for name in KEPT_APART for hit in secrets_in(root / name, world)]
        verdict, reasons = judge(job.asks, runs, world)
    return Result(case, verdict, reasons, runs)
