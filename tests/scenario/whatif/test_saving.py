"""A what-if that was saved is read again as the same what-if."""

import pytest

import planner
from planner.errors import OutputError
from planner.scenario.starter import write_starter
from planner.scenario.whatif.saving import save_what_if
from tests.model.plants import plant

OVERRIDES = {"work_centers": [{"where": {"site": "plant", "from": ""}, "set": {"available_hours": 12.5}}],
             "service_terms": [{"add": {"item": "bike", "max_lateness": 3, "from": "2026-03", "to": "2026-04"}}]}


def test_what_was_saved_is_the_same_what_if(tmp_path):
    base = planner.load_scenario(write_starter(tmp_path / "base"))
    save_what_if(tmp_path / "deep" / "saved", base, OVERRIDES, name="Remedy 1: hours, more", question="What: if?")
    saved = planner.load_scenario(tmp_path / "deep" / "saved")
    assert saved.content_hash == base.changed(OVERRIDES).content_hash != base.content_hash
    assert (saved.name, saved.question) == ("Remedy 1: hours, more", "What: if?")


def test_nothing_is_written_over_and_a_base_in_memory_is_refused(tmp_path):
    base = planner.load_scenario(write_starter(tmp_path / "base"))
    with pytest.raises(OutputError, match="not empty"):
        save_what_if(tmp_path / "base", base, OVERRIDES, name="x")
    with pytest.raises(OutputError, match="not read from a folder"):
        save_what_if(tmp_path / "new", planner.load_scenario(plant([1])), OVERRIDES, name="x")
    assert not (tmp_path / "new").exists()
