"""The officer's whole way: roster, run, a worker that dies, what is left to do, the report."""

from __future__ import annotations

import csv
import random
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from openpyxl import load_workbook

from agent.cohort.database import address_in
from agent.cohort.sealing import Sealer
from agent.cohort.store import Store
from fixtures.people.crowd import crowd
from fixtures.server import MockSites
from tests.agent.cli.conftest import Gradsync
from tests.agent.cohort import crew
from tests.agent.cohort.desk import TODAY, Desk

RUN = ("cohort", "run", "--profile", "xjtu-2024-07", "--yes", "--only", "photo", *TODAY)
FOLDER = "gradsync-cohort"


@pytest.mark.timeout(300)
def test_two_workers_of_which_one_dies(desk: Desk, gradsync: Gradsync) -> None:
    """Nobody is lost, nothing is done twice or with another's data, and the store tells nothing."""
    everybody = crowd(3)
    silent = everybody[2]
    desk.fill(everybody, without_consent=[silent.student])
    with MockSites(students=everybody) as sites:
        cohort = desk.command(gradsync, sites.addresses)
        imported = cohort("cohort", "import", desk.roster, "--json")
        assert imported.json == {"students": 3, "new": 3, "changed": 0, "without_consent": 1}, imported.err
        running = cohort.started(
            *RUN, "--workers", "2", "--json", stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        address = address_in(gradsync.folder / FOLDER)
        with closing(Store(address, Sealer(crew.KEY))) as store:
            victim = crew.busy_worker(store)
            running_for = random.SystemRandom().uniform(0, 1.5)
            with pytest.raises(subprocess.TimeoutExpired):
                running.wait(running_for)
            crew.kill(victim)
        out, err = running.communicate(timeout=240)
        assert running.returncode == 13, f"killed after {running_for:.2f} s: {err}"
        found = crew.rows(address)
        assert list(crew.mixed_up(sites.world, found, everybody[:2])) == [], (
            f"killed after {running_for:.2f} s"
        )
        told = {row.person.number: row.needs for row in found}
        assert told[silent.id_number] == "consent.missing"
        assert '"consent.missing": 1' in out
        logins = sites.world.state()["logins"]["chsi"]
        assert silent.student not in logins
    here = gradsync.folder / FOLDER
    assert crew.readable(crew.files(here), everybody) == []
    report = cohort("cohort", "report", *TODAY, "--json")
    html, table, calls, book = map(Path, report.json)
    assert silent.name in (gradsync.folder / html).read_text("utf-8")
    with (gradsync.folder / table).open(encoding="utf-8-sig", newline="") as stream:
        assert [row["姓名"] for row in csv.DictReader(stream)] == [each.name for each in everybody]
    with (gradsync.folder / calls).open(encoding="utf-8-sig", newline="") as stream:
        first = next(csv.DictReader(stream))
    assert (first["姓名"], first["手机"]) == (silent.name, "10000000001")
    assert load_workbook(gradsync.folder / book).sheetnames == ["今天联系", "全部学生"]
