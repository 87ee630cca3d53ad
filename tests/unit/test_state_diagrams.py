"""The pages under docs/states are those that the code draws."""

import pytest
from django.core.management import call_command

from contracts.states import AGREEMENT


def test_the_project_s_own_pages_agree_with_the_code():
    call_command("state_diagrams", check=True)


def test_writing_makes_one_page_a_lifecycle_and_a_second_run_changes_none(tmp_path, capsys):
    call_command("state_diagrams", folder=tmp_path)
    written = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert sorted(written) == ["agreement.md", "application.md", "claim.md", "referral.md"]
    assert capsys.readouterr().out.count("\n") == 4

    call_command("state_diagrams", folder=tmp_path)

    assert capsys.readouterr().out == ""
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == written


def test_a_page_has_a_title_a_sentence_a_diagram_and_a_table(tmp_path):
    call_command("state_diagrams", folder=tmp_path)

    assert (tmp_path / "agreement.md").read_text() == (
        "# Agreement\n\n"
        "The stages of an agreement and the steps between them.\n\n"
        f"```mermaid\n{AGREEMENT.mermaid()}```\n\n"
        "| From | Step | To |\n"
        "| --- | --- | --- |\n"
        "| Waiting for both signatures | Sign | Signed by one side |\n"
        "| Signed by one side | Sign | Signed by both sides |\n"
    )


def test_check_names_what_is_missing_changed_or_left_over(tmp_path, capsys):
    call_command("state_diagrams", folder=tmp_path)
    (tmp_path / "claim.md").unlink()
    (tmp_path / "referral.md").write_text("edited by hand")
    (tmp_path / "door.md").write_text("no such lifecycle")

    with pytest.raises(SystemExit) as stopped:
        call_command("state_diagrams", check=True, folder=tmp_path)

    assert stopped.value.code == 1
    named = [line.split()[0] for line in capsys.readouterr().err.splitlines()]
    assert named == ["docs/states/claim.md", "docs/states/door.md", "docs/states/referral.md"]
    assert not (tmp_path / "claim.md").exists()
