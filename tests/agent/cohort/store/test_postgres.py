"""Two workers over PostgreSQL: killed at ten random moments, and with the database restarted under them."""

from __future__ import annotations

import base64
import random
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import InternalError

from agent.cohort.manager import AGAIN, looked_at
from agent.cohort.model import Person, TaskState
from agent.cohort.sealing import Sealer
from agent.cohort.store import Store
from agent.errors import UsageError
from agent.settings import CohortSettings
from fixtures.people.crowd import crowd
from fixtures.server import MockSites
from tests.agent.cli.conftest import Gradsync
from tests.agent.cohort import crew
from tests.agent.cohort.desk import Desk
from tests.agent.cohort.store import postgres
from tests.agent.cohort.test_command import RUN

pytestmark = [
    pytest.mark.exhaustive,
    pytest.mark.timeout(540),
    pytest.mark.skipif(
        postgres.programs() is None, reason="PostgreSQL is not installed (Debian: postgresql)"
    ),
]
KILLS = 10
STUDENTS = 12


@pytest.fixture
def server() -> Iterator[postgres.Server]:
    with postgres.running() as running:
        yield running


def _wait(process: subprocess.Popen[str], seconds: float) -> None:
    """Let it work for a while; it must not be over by then."""
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(seconds)


def test_ten_kills(desk: Desk, gradsync: Gradsync, server: postgres.Server) -> None:
    everybody = crowd(STUDENTS)
    desk.fill(everybody)
    seed = random.SystemRandom().randrange(10**6)
    chance = random.Random(seed)
    with MockSites(students=everybody) as sites:
        cohort = desk.command(gradsync, sites.addresses, COHORT__DATABASE=server.address)
        assert cohort("cohort", "import", desk.roster).status == 0
        running = cohort.started(*RUN, "--workers", "2", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        killed: list[int] = []
        with closing(Store(server.address, Sealer(crew.KEY))) as store:
            while len(killed) < KILLS:
                victim = crew.busy_worker(store, killed)
                _wait(running, chance.uniform(0, 3))
                crew.kill(victim)
                killed.append(victim)
        _, err = running.communicate()
        assert running.returncode == 0, (seed, err)
        assert list(crew.mixed_up(sites.world, crew.rows(server.address), everybody)) == [], seed
    assert crew.readable(server.dump(), everybody) == []


def test_the_database_is_restarted_in_the_middle(
    desk: Desk, gradsync: Gradsync, server: postgres.Server
) -> None:
    everybody = crowd(4)
    desk.fill(everybody)
    with MockSites(students=everybody) as sites:
        cohort = desk.command(gradsync, sites.addresses, COHORT__DATABASE=server.address)
        assert cohort("cohort", "import", desk.roster).status == 0
        running = cohort.started(*RUN, "--workers", "2", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        with closing(Store(server.address, Sealer(crew.KEY))) as store:
            crew.busy_worker(store)
        _wait(running, 1)
        server.control("restart", "-m", "immediate")
        _, err = running.communicate()
        assert running.returncode == 0, err
        assert list(crew.mixed_up(sites.world, crew.rows(server.address), everybody)) == []


def test_whoever_only_looks_changes_nothing(server: postgres.Server, tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(base64.b64encode(crew.KEY))
    (tmp_path / "key").chmod(0o600)
    settings = CohortSettings.model_validate({"database": server.address, "key_file": tmp_path / "key"})
    with pytest.raises(UsageError, match="没有成批办理的名单"):
        looked_at(tmp_path, settings)
    with closing(Store(server.address, Sealer(crew.KEY))) as store:
        store.put([Person(position=1, name="王岚", number="P1")])
        cohort = looked_at(tmp_path, settings)
        assert cohort.standing()[0].states == {TaskState.IMPORTED: 1}
        with pytest.raises(InternalError, match="read-only"):
            cohort.store.to_queue(AGAIN)
    server.control("stop", "-m", "immediate")
    with pytest.raises(UsageError, match="连不上名单的数据库"):
        cohort.standing()
    server.control("start")
