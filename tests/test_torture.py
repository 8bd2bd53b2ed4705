"""A short run of `make torture`: nothing acknowledged is lost, whenever the program is killed or the disk is full."""

import pytest

from bench import full_disk, resealing, torture

pytestmark = pytest.mark.torture


def test_kill_minus_nine_loses_nothing_that_was_acknowledged(tmp_path):
    result = torture.kill_at_random(tmp_path, rounds=10, seconds=10)
    assert result.acknowledged
    assert result.clean, result


def test_a_full_disk_hands_the_words_back_and_loses_nothing(tmp_path):
    refused = full_disk.why_not()
    if refused:
        pytest.skip(refused)
    assert full_disk.fill_the_disk(tmp_path) == []


def test_setting_a_passphrase_goes_on_where_it_was_killed(tmp_path):
    assert resealing.kill_resealing(tmp_path, wins=2000) == []
