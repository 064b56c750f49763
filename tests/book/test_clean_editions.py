"""The four sample editions and the guide built from them hold nothing that must not leave."""

from helhed.profile import read_profile
from helhed.publishing.release import check_release


def test_the_clean_editions_give_no_alarm(guide_runs, site):
    found = []
    for run in guide_runs.values():
        municipality = run.path.parents[1]
        # The guide holds all four; it is searched with what each of them knows.
        checked = check_release(read_profile(municipality, "da"), run.path, "da", site)
        assert checked.n_searched > 200
        found += [alarm.line("en") for alarm in checked.alarms]
    assert found == []
