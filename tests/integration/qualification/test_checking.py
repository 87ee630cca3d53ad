"""Checking: what is found, asked and replied; and passing stage 1."""

from datetime import date, timedelta

import pytest

from dps.actors import REGION_ID, Role, system
from dps.models import Message
from dps.refusals import IllegalTransition, NotFound, NotPermitted, NotUnderstood
from dps.tenancy.identity import acting_as
from qualification.models import Application, Check, PointToClear
from qualification.services import applying, checking
from tests.factories import grading as evaluation
from tests.factories.kernel import NOON, make_person
from tests.factories.qualification import make_applying, verbs

BOSS = system(REGION_ID)
SOON = date(2026, 11, 9)


@pytest.fixture
def oak(region):
    return make_applying(region)


def found(oak, application, code, result, *, note="", for_all=False, actor=None):
    actor = actor or oak.officer
    with acting_as(actor):
        return checking.check(
            application_id=application.id,
            code=code,
            result=result,
            note=note,
            for_all=for_all,
            actor=actor,
            now=NOON,
        )


def ask(oak, application, code, *, text="Which is it?", reply_by=SOON, for_all=False):
    with acting_as(oak.officer):
        return checking.ask_provider(
            application_id=application.id,
            code=code,
            text=text,
            reply_by=reply_by,
            for_all=for_all,
            actor=oak.officer,
            now=NOON,
        )


def reply(oak, point, *, text="The new one is there.", actor=None):
    actor = actor or oak.head
    with acting_as(actor):
        return checking.reply(point_id=point.id, text=text, actor=actor, now=NOON)


def pass_on(oak, application, *, actor=None):
    actor = actor or oak.officer
    with acting_as(actor):
        return checking.pass_stage_one(application_id=application.id, actor=actor, now=NOON)


def several(oak, number):
    """Applications of one joining, sent together with common answers."""
    places = [oak.establishment.id]
    places += [oak.another_establishment(f"Oak House {n}").id for n in range(number - 1)]
    made = [oak.start(establishment=place) for place in places]
    for one in made:
        oak.complete(one)
    with acting_as(oak.head):
        return applying.submit_applications(
            joining_id=made[0].joining_id,
            application_ids=[one.id for one in made],
            actor=oak.head,
            now=NOON,
        )


def rows(model):
    with acting_as(BOSS):
        return list(model.objects.order_by("id"))


def test_a_matter_is_found_clear_by_name_and_time(oak):
    application = oak.submitted()

    made = found(oak, application, "insurances", "clear")

    assert (made.result, made.note, made.checked_by_id, made.checked_at) == (
        "clear",
        "",
        oak.officer.person_id,
        NOON,
    )
    assert verbs()[-1] == "application.checked"


def test_what_does_not_pass_needs_a_note(oak):
    application = oak.submitted()
    before = verbs()

    with pytest.raises(checking.NoteMissing):
        found(oak, application, "insurances", "fails", note=" ")
    with pytest.raises(NotUnderstood):
        found(oak, application, "insurances", "asked")

    assert (rows(Check), verbs()) == ([], before)


def test_one_check_counts_for_all_that_gave_the_same_answer(oak):
    made = several(oak, 3)

    found(oak, made[0], "insurances", "fails", note="Expired.", for_all=True)

    assert sorted((str(one.application_id), one.result) for one in rows(Check)) == sorted(
        (str(one.id), "fails") for one in made
    )
    assert verbs().count("application.checked") == 3


def test_what_differs_at_one_establishment_is_checked_by_itself(oak):
    first, second = (oak.start(), oak.start(establishment=oak.another_establishment("Annexe").id))
    for one in (first, second):
        oak.complete(one)
    oak.save(first, "insurances", passes=True, establishment_id=second.establishment_id)
    with acting_as(oak.head):
        applying.submit_applications(
            joining_id=first.joining_id,
            application_ids=[first.id, second.id],
            actor=oak.head,
            now=NOON,
        )

    found(oak, first, "insurances", "clear", for_all=True)

    assert [one.application_id for one in rows(Check)] == [first.id]


def test_a_mismatch_is_asked_and_the_reply_is_looked_at(oak):
    application = oak.submitted()

    point = ask(oak, application, "insurances", text="The certificate has run out.")
    assert [one.result for one in rows(Check)] == ["asked"]
    replied = reply(oak, point)

    assert (replied.reply, replied.replied_by_id, replied.replied_at) == (
        "The new one is there.",
        oak.head.person_id,
        NOON,
    )
    assert verbs()[-2:] == ["provider.asked", "provider.replied"]
    with acting_as(BOSS):
        told = list(Message.objects.order_by("id").values_list("template", "to_person_id"))
    assert told[-3:] == [
        ("qualification/point_to_clear", oak.head.person_id),
        ("qualification/point_to_clear", oak.writer.person_id),
        ("qualification/provider_replied", oak.officer.person_id),
    ]


def test_one_question_for_all_is_one_message_and_one_reply(oak):
    made = several(oak, 3)

    point = ask(oak, made[0], "insurances", for_all=True)
    reply(oak, point)

    assert [one.reply for one in rows(PointToClear)] == ["The new one is there."] * 3
    with acting_as(BOSS):
        told = Message.objects.filter(template="qualification/point_to_clear").count()
    assert told == 2


@pytest.mark.parametrize(
    ("text", "reply_by", "refusal"),
    [
        ("  ", SOON, checking.WordsMissing),
        ("Why?", NOON.date(), checking.DateTooEarly),
        ("Why?", date(2025, 1, 1), checking.DateTooEarly),
    ],
)
def test_a_question_without_words_or_time_is_refused(oak, text, reply_by, refusal):
    application = oak.submitted()
    before = verbs()

    with pytest.raises(refusal):
        ask(oak, application, "insurances", text=text, reply_by=reply_by)

    assert (rows(PointToClear), verbs()) == ([], before)


def test_a_question_is_replied_to_once_and_with_words(oak):
    point = ask(oak, oak.submitted(), "insurances")
    with pytest.raises(checking.WordsMissing):
        reply(oak, point, text=" ")
    reply(oak, point)
    before = verbs()

    with pytest.raises(checking.AlreadyReplied):
        reply(oak, point, text="Another.", actor=oak.writer)

    assert [one.reply for one in rows(PointToClear)] == ["The new one is there."]
    assert verbs() == before


def test_a_rival_knows_of_no_question(oak):
    point = ask(oak, oak.submitted(), "insurances")
    rival = make_applying(oak.region, "Rival Trust")

    with pytest.raises(PointToClear.DoesNotExist):
        reply(oak, point, actor=rival.head)


def test_stage_1_passes_when_all_of_it_is_clear(oak):
    application = oak.submitted()
    with pytest.raises(checking.NotClearYet) as refused:
        pass_on(oak, application)
    assert "Exclusion grounds" in str(refused.value)
    assert "Insurances" not in str(refused.value)
    evaluation.clear(application, actor=oak.officer)

    passed = pass_on(oak, application)

    assert (passed.state, passed.checked_by_id, passed.checked_at) == (
        "evaluation",
        oak.officer.person_id,
        NOON,
    )
    assert verbs()[-1] == "application.passed_stage_1"


@pytest.mark.parametrize("result", ["asked", "fails"])
def test_what_is_asked_about_or_fails_does_not_pass_stage_1(oak, result):
    application = oak.submitted()
    evaluation.clear(application, actor=oak.officer)
    if result == "asked":
        ask(oak, application, "exclusions")
    else:
        found(oak, application, "exclusions", "fails", note="A ground applies.")
    before = verbs()

    with pytest.raises(checking.NotClearYet):
        pass_on(oak, application)

    with acting_as(BOSS):
        assert Application.objects.get().state == "submitted"
    assert verbs() == before


def test_stage_1_is_passed_once(oak):
    application = oak.checked()

    with pytest.raises(IllegalTransition):
        pass_on(oak, application)


@pytest.mark.parametrize("code", ["workforce", "nothing", "costs"])
def test_only_what_passes_or_fails_is_checked(oak, code):
    application = oak.submitted()

    with pytest.raises(NotFound):
        found(oak, application, code, "clear")


def test_what_is_decided_is_not_checked_any_more(oak):
    application = oak.decided()
    before = verbs()

    with pytest.raises(checking.NotWithTheTeam):
        found(oak, application, "insurances", "fails", note="Late.")
    with pytest.raises(checking.NotWithTheTeam):
        ask(oak, application, "insurances")

    assert verbs() == before


def test_only_officers_check_and_only_the_provider_replies(oak):
    application = oak.submitted()
    point = ask(oak, application, "insurances")
    before = verbs()

    for actor in (
        oak.head,
        oak.graders[0],
        make_person(Role.DATA_ANALYST, authority=oak.region.west),
        make_person(Role.COMMISSIONER, authority=oak.region.west),
    ):
        with pytest.raises(NotPermitted):
            found(oak, application, "exclusions", "clear", actor=actor)
        with pytest.raises(NotPermitted):
            pass_on(oak, application, actor=actor)
    with pytest.raises(NotPermitted):
        reply(oak, point, actor=oak.officer)

    assert verbs() == before


def test_a_draft_is_unknown_to_whoever_checks(oak):
    draft = oak.start()

    with pytest.raises(Application.DoesNotExist):
        found(oak, draft, "insurances", "clear")


def test_the_reply_may_come_late(oak):
    point = ask(oak, oak.submitted(), "insurances")

    with acting_as(oak.head):
        checking.reply(
            point_id=point.id, text="Sorry.", actor=oak.head, now=NOON + timedelta(days=30)
        )

    assert [one.reply for one in rows(PointToClear)] == ["Sorry."]
