"""The four samples' own editions and the national one hold nothing that must not leave."""

import shutil

from helhed.profile import read_profile
from helhed.publishing.release import check_release

#: Where the national edition shows something of every municipality; its other pages show the example alone.
OF_ALL = {"results", "municipalities", "_images", "searchindex.js", "intro.html"}


def put_national(site, target, is_whole):
    """Copy the national edition out of the site: the whole, or what is of all municipalities."""
    for lang in ("da", "en"):

        def left_out(folder, names, top=site / lang):
            return [] if is_whole or folder != str(top) else [name for name in names if name not in OF_ALL]

        shutil.copytree(site / lang, target / lang, ignore=left_out)
    shutil.copytree(site / "python", target / "python")
    shutil.copy(site / "index.html", target)
    return target


def test_the_clean_editions_give_no_alarm(guide_runs, site, tmp_path):
    found = []
    for name, run in guide_runs.items():
        profile = read_profile(run.path.parents[1], "da")
        is_example = name == next(iter(guide_runs))
        national = put_national(site, tmp_path / name, is_example)
        for leaving, least in ((national, 600 if is_example else 200), (site / name, 500)):
            checked = check_release(profile, run.path, "da", leaving)
            assert checked.n_searched > least
            found += [alarm.line("en") for alarm in checked.alarms]
    assert found == []
