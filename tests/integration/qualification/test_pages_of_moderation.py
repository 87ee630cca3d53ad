"""The pages of agreeing, of the young people's panel, and of opening again."""

from uuid import uuid4

import pytest

from dps.actors import REGION_ID, system
from dps.tenancy.identity import acting_as
from qualification.models import AgreedGrade, Application
from tests.factories import grading as evaluation
from tests.factories.qualification import make_applying
from tests.integration.qualification.reading import page, text_of
from tests.integration.qualification.test_agreeing import all_in, panel_s, statement

BOSS = system(REGION_ID)


@pytest.fixture
def oak(region):
    return make_applying(region)


@pytest.fixture
def graded(oak):
    return all_in(oak, oak.checked())


def agreed():
    with acting_as(BOSS):
        return list(AgreedGrade.objects.order_by("id").values_list("grade", "reason"))


def test_the_grades_stand_side_by_side_with_their_spread(oak, graded, sign_in):
    here = page("agree", statement(graded, "workforce").answer.id)

    response = sign_in(oak.officer).get(here)

    shown = text_of(response)
    assert "They are 2 apart ." in shown
    assert "Oak Trust grader ESX 2 Clear, with results." in shown
    assert "Oak Trust grader WSX 4 Clear, with results." in shown
    assert "<svg" in response.content.decode()


def test_before_all_are_in_no_grade_is_shown(oak, sign_in):
    application = oak.checked()
    evaluation.ask(application.joining_id, oak.graders, actor=oak.officer)
    evaluation.grade_all(application.joining_id, oak.graders[0], grade=5)
    here = page("agree", statement(application, "workforce").answer.id)
    client = sign_in(oak.officer)

    shown = text_of(client.get(here))

    assert "The grades are not all in" in shown
    assert "Clear, with results." not in shown
    refused = client.post(here, {"grade": "3", "reason": "Fine."})
    assert refused.status_code == 409
    assert agreed() == []


def test_agreeing_asks_for_a_note_where_they_are_far_apart(oak, graded, sign_in):
    here = page("agree", statement(graded, "workforce").answer.id)
    client = sign_in(oak.officer)
    bare = client.post(here, {"grade": "3", "reason": "Fine."})
    assert (bare.status_code, "Say how you came to the agreed grade" in text_of(bare)) == (
        400,
        True,
    )

    done = client.post(here, {"grade": "3", "reason": "Fine.", "note": "We met."}, follow=True)

    assert "The grade for “Workforce” is saved." in text_of(done)
    assert agreed() == [(3, "Fine.")]


def test_another_officer_s_grade_is_not_overwritten_unseen(oak, graded, sign_in):
    here = page("agree", statement(graded, "workforce").answer.id)
    given = {"grade": "3", "reason": "Fine.", "note": "We met."}
    sign_in(oak.officer).post(here, given)
    client = sign_in(oak.second)

    blind = client.post(here, given | {"grade": "5", "reason": "Mine."})
    garbled = client.post(here, given | {"seen": "x"})
    seen = client.get(here).context["form"]["seen"].value()
    knowing = client.post(here, given | {"grade": "4", "seen": seen})

    assert (blind.status_code, "Mine." in blind.content.decode()) == (409, True)
    assert (garbled.status_code, knowing.status_code) == (400, 302)
    assert agreed() == [(4, "Fine.")]


def test_the_panel_s_page_reads_plainly_and_keeps_its_words(oak, graded, sign_in):
    one = panel_s(graded)
    here = page("panel", one.answer.id)
    client = sign_in(oak.officer)
    shown = text_of(client.get(here))
    assert "What do you think of this answer?" in shown
    assert "Does the answer talk about these?" in shown
    assert one.answer.text in shown
    assert client.post(here, {"grade": "5"}).status_code == 400

    client.post(here, {"grade": "5", "reason": "They listen."})

    assert agreed() == [(5, "They listen.")]
    assert "Grade 5 was written down" in text_of(client.get(here))


def test_each_page_is_for_its_own_statements(oak, graded, sign_in):
    client = sign_in(oak.officer)

    for name, key in (
        ("agree", panel_s(graded).answer.id),
        ("panel", statement(graded, "workforce").answer.id),
        ("agree", uuid4()),
        ("panel", uuid4()),
    ):
        assert client.get(page(name, key)).status_code == 404
    for actor in (oak.head, oak.graders[0]):
        theirs = sign_in(actor)
        key = statement(graded, "workforce").answer.id
        assert theirs.get(page("agree", key)).status_code == 403


def test_what_has_counted_is_read_and_not_changed(oak, sign_in):
    application = oak.moderated()
    with acting_as(BOSS):
        row = AgreedGrade.objects.filter(is_of_panel=False).first()
    client = sign_in(oak.officer)

    shown = text_of(client.get(page("agree", row.answer_id)))

    assert "so it is not changed here" in shown
    given = {"grade": "1", "reason": "Worse.", "seen": row.agreed_at.isoformat()}
    assert client.post(page("agree", row.answer_id), given).status_code == 409
    here = page("reopen", application.id)
    assert client.post(here, {}).status_code == 400
    opened = client.post(here, {"reason": "A page was missing."}, follow=True)
    assert "The grading is open again." in text_of(opened)
    assert "not waiting for a decision" in text_of(client.get(here))
    assert client.post(here, {"reason": "Again."}).status_code == 409
    assert client.post(page("agree", row.answer_id), given).status_code == 302
    with acting_as(BOSS):
        assert Application.objects.get().state == "evaluation"
