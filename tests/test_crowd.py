"""A short run of `bench/crowd.py`: people on a host, while their PostgreSQL goes away and comes back."""

import pytest

from bench import crowd, postgres

pytestmark = pytest.mark.torture


def test_nothing_that_a_host_acknowledged_is_lost_while_its_database_goes_away_and_comes_back(tmp_path):
    refused = postgres.why_not()
    if refused:
        pytest.skip(refused)
    report = crowd.run(tmp_path, crowd.Report(people=8, seconds=6, thinks=0.5), away=1.5)
    assert report.acknowledged
    assert report.meanwhile, "nobody kept anything while the database was away"
    assert report.clean, report
