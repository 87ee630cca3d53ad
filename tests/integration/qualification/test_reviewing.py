"""Reviewing a score: proposed, replied to, decided by another; every version is kept."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError

from dps.actors import REGION_ID, Role, system
from dps.models import Document, Message, OwedJob
from dps.outbox.jobs import perform
from dps.refusals import NotPermitted
from dps.tenancy.identity import acting_as
from providers.models import Evidence
from qualification.models import CompetencyScore, Qualification, ScoreReview
from qualification.queries import reviewing as queries
from qualification.queries.qualified import competency_at
from qualification.reviewing import NotAGradeOfIt, NotInBetween
from qualification.services import reviewing
from qualification.services.reviewing import MAKE_REVIEW_LETTER
from tests.factories.kernel import NOON, make_person
from tests.factories.qualification import make_applying, verbs
from tests.factories.reviewing import DOWN, UP, YEAR_LATER, decide, propose, reply

BOSS = system(REGION_ID)


@pytest.fixture
def oak(region):
    one = make_applying(region)
    one.decided()
    return one


def scores():
    with acting_as(BOSS):
        return list(CompetencyScore.objects.order_by("from_moment").values_list("score", flat=True))


def templates():
    with acting_as(BOSS):
        rows = Message.objects.filter(template__contains="review")
        return sorted(set(rows.values_list("template", flat=True)))


def test_a_proposal_says_what_changes_and_until_when_to_reply(oak):
    review = propose(oak)

    # Ten working days after Sunday 7 November 2027.
    assert (review.before_score, review.proposed_score, review.reply_by) == (
        80_00,
        86_00,
        date(2027, 11, 19),
    )
    changed = [each for each in review.grades if each["before"] != each["after"]]
    assert [(each["code"], each["after"], each["reason"]) for each in changed] == [
        ("workforce", 5, "Every teacher is trained now.")
    ]
    assert (scores(), verbs()[-1]) == ([80_00], "score_review.proposed")
    assert templates() == ["qualification/review_proposed"]


def test_as_proposed_it_is_a_new_version_from_its_day_and_the_old_one_stays(oak):
    review = decide(oak, propose(oak))

    assert (review.outcome, review.decided_score) == ("changed", 86_00)
    assert scores() == [80_00, 86_00]
    with acting_as(BOSS):
        new = CompetencyScore.objects.get(review=review)
    assert new.from_moment == datetime(2027, 12, 1, tzinfo=UTC)
    assert verbs()[-1] == "score_review.decided"
    assert templates() == ["qualification/review_decided", "qualification/review_proposed"]


def test_kept_it_makes_no_version_and_counts_as_looked_at(oak):
    decide(oak, propose(oak), "kept")

    assert scores() == [80_00]
    with acting_as(oak.officer):
        assert not queries.due(YEAR_LATER.date() + timedelta(days=30)).exists()


def test_down_in_between_takes_grades_between(oak):
    review = decide(oak, propose(oak, DOWN), "in_between", grades={"workforce": 3, "outcomes": 4})

    assert (review.proposed_score, review.decided_score) == (62_00, 74_00)
    assert scores() == [80_00, 74_00]


def test_the_next_review_starts_from_the_grades_that_were_decided(oak):
    decide(oak, propose(oak))
    later = YEAR_LATER + timedelta(days=370)

    review = propose(oak, replace(UP, effective_from=date(2029, 1, 1), grades={}), now=later)

    assert (review.before_score, review.proposed_score) == (86_00, 86_00)
    with pytest.raises(reviewing.NothingChanges):
        decide(oak, review, now=later + timedelta(days=40))
    assert decide(oak, review, "kept", now=later + timedelta(days=40)).decided_score == 86_00


def test_decided_after_its_day_it_counts_from_the_decision(oak):
    late = datetime(2028, 1, 10, 9, 30, tzinfo=UTC)

    decide(oak, propose(oak), now=late)

    with acting_as(BOSS):
        assert CompetencyScore.objects.get(score=86_00).from_moment == late


@pytest.mark.parametrize(
    ("deadline", "score"),
    [
        (datetime(2026, 11, 1, tzinfo=UTC), None),
        (NOON, 80_00),
        (datetime(2027, 11, 30, 23, 59, 59, tzinfo=UTC), 80_00),
        (datetime(2027, 12, 1, tzinfo=UTC), 86_00),
        (datetime(2028, 6, 1, tzinfo=UTC), 86_00),
    ],
)
def test_the_version_in_force_at_a_deadline_counts(oak, deadline, score):
    decide(oak, propose(oak))

    with acting_as(make_person(Role.COMMISSIONER, authority=oak.region.east)):
        found = competency_at([oak.establishment.id], oak.region.category.id, deadline)
    assert found.get(oak.establishment.id) == score


def test_the_reply_is_read_before_the_decision_and_opens_it(oak):
    review = propose(oak)
    soon = YEAR_LATER + timedelta(days=1)
    with pytest.raises(reviewing.ReplyStillOpen):
        decide(oak, review, now=soon)

    replied = reply(oak, review, " We see it as well. ", now=soon)

    assert (replied.reply, replied.replied_by_id) == ("We see it as well.", oak.head.person_id)
    assert decide(oak, review, now=soon).outcome == "changed"
    assert "qualification/review_replied" in templates()


def test_without_a_reply_it_is_decided_once_the_last_day_is_over(oak):
    review = propose(oak)
    with pytest.raises(reviewing.ReplyStillOpen):
        decide(oak, review, now=datetime(2027, 11, 19, 23, 59, tzinfo=UTC))

    assert decide(oak, review, now=datetime(2027, 11, 20, 0, 0, tzinfo=UTC)).decided_at


def test_a_reply_comes_once_and_in_time(oak):
    review = propose(oak)
    with pytest.raises(reviewing.ReplyTooLate):
        reply(oak, review, now=datetime(2027, 11, 20, tzinfo=UTC))
    with pytest.raises(reviewing.WordsMissing):
        reply(oak, review, " ")
    reply(oak, review)
    with pytest.raises(reviewing.AlreadyReplied):
        reply(oak, review)
    decide(oak, review)
    with pytest.raises(reviewing.AlreadyDecided):
        reply(oak, review)
    assert verbs().count("score_review.replied") == 1


def test_who_proposed_does_not_decide(oak):
    review = propose(oak, actor=oak.second)

    with pytest.raises(reviewing.SecondPersonDecides):
        decide(oak, review)
    assert scores() == [80_00]


def test_a_decision_stands(oak):
    review = decide(oak, propose(oak))

    with pytest.raises(reviewing.AlreadyDecided):
        decide(oak, review, "kept")


@pytest.mark.parametrize(
    ("changes", "refused", "field"),
    [
        ({"reason": " "}, reviewing.WordsMissing, "reason"),
        ({"evidence": " "}, reviewing.WordsMissing, "evidence"),
        ({"effective_from": date(2027, 11, 19)}, reviewing.TooEarly, "effective_from"),
        ({"grades": {"workforce": (6, "x")}}, NotAGradeOfIt, "grade_workforce"),
        ({"grades": {"workforce": (5, "")}}, NotAGradeOfIt, "reason_workforce"),
    ],
)
def test_a_proposal_that_is_not_complete_is_refused_at_its_field(oak, changes, refused, field):
    with pytest.raises(refused) as told:
        propose(oak, replace(UP, **changes))

    assert told.value.field == field
    with acting_as(BOSS):
        assert not ScoreReview.objects.exists()


def test_it_may_rest_on_evidence_that_is_held_by_this_provider(oak):
    rival = make_applying(oak.region, "Rival Trust")
    with acting_as(BOSS):
        mine = Evidence.objects.filter(provider=oak.provider).first()
        theirs = Evidence.objects.filter(provider=rival.provider).first()
    bare = replace(UP, evidence="")
    with pytest.raises(reviewing.NotTheirs):
        propose(oak, replace(bare, held_id=theirs.id))

    assert propose(oak, replace(bare, held_id=mine.id)).held_id == mine.id


def test_one_review_at_a_time_and_only_of_who_is_on_the_list(oak):
    propose(oak)
    with pytest.raises(reviewing.UnderReview):
        propose(oak)
    with acting_as(BOSS):
        Qualification.objects.update(ended_at=NOON)
    with pytest.raises(reviewing.NotOnTheList):
        propose(oak)


def test_who_has_no_score_is_not_reviewed(region):
    other = make_applying(region)
    with acting_as(BOSS):
        application = other.submitted()
        Qualification.objects.create(
            establishment=other.establishment,
            category=region.category,
            application_id=application.id,
            rule_set_id=application.rule_set_id,
            qualified_at=NOON,
        )

    with pytest.raises(reviewing.NothingToReview):
        propose(other)


@pytest.mark.parametrize(
    ("outcome", "grades", "reason", "refused"),
    [
        ("", None, "x", reviewing.WordsMissing),
        ("changed", None, " ", reviewing.WordsMissing),
        ("in_between", {"workforce": 5}, "x", NotInBetween),
    ],
)
def test_a_decision_that_is_not_complete_is_refused(oak, outcome, grades, reason, refused):
    review = propose(oak)

    with pytest.raises(refused):
        decide(oak, review, outcome, grades=grades, reason=reason)
    assert scores() == [80_00]


def test_each_step_is_for_its_own_people(oak):
    with pytest.raises(NotPermitted):
        propose(oak, actor=oak.head)
    review = propose(oak)
    with pytest.raises(NotPermitted):
        reply(oak, review, actor=oak.writer)
    with pytest.raises(NotPermitted):
        decide(oak, review, actor=oak.officer)


def test_a_rival_neither_sees_nor_replies(oak):
    review = propose(oak)
    rival = make_applying(oak.region, "Rival Trust")

    with acting_as(rival.head):
        assert not ScoreReview.objects.exists()
    with pytest.raises(ScoreReview.DoesNotExist):
        reply(oak, review, actor=rival.head)


@pytest.mark.off_switch("review-read-by-its-provider")
def test_the_database_shows_a_review_to_its_provider_and_the_team_alone(oak):
    propose(oak)
    rival = make_applying(oak.region, "Rival Trust")

    seen = []
    for actor in (oak.head, oak.officer, rival.head):
        with acting_as(actor):
            seen.append(ScoreReview.objects.count())

    assert seen == [1, 1, 0]


def test_a_council_may_not_even_look_at_reviews(oak):
    propose(oak)
    council = make_person(Role.COMMISSIONER, authority=oak.region.east)

    with pytest.raises(DatabaseError, match="permission denied"), acting_as(council):
        ScoreReview.objects.count()


@pytest.mark.off_switch("review-not-decided-by-its-provider")
def test_a_provider_does_not_decide_on_its_own_score(oak):
    review = propose(oak)

    with pytest.raises(DatabaseError, match="row-level security"), acting_as(oak.head):
        ScoreReview.objects.filter(pk=review.pk).update(
            outcome="changed",
            decision="Ours.",
            decided_score=100_00,
            decided_by_id=oak.head.person_id,
            decided_at=YEAR_LATER,
        )


@pytest.mark.off_switch("review-stands")
def test_what_was_proposed_replied_and_decided_stands(oak):
    review = propose(oak)
    with pytest.raises(DatabaseError, match="does not change"), acting_as(oak.head):
        ScoreReview.objects.filter(pk=review.pk).update(proposed_score=100_00)
    reply(oak, review)
    with pytest.raises(DatabaseError, match="does not change"), acting_as(oak.officer):
        ScoreReview.objects.filter(pk=review.pk).update(reply="We agree.")
    decide(oak, review)
    with pytest.raises(DatabaseError, match="does not change"), acting_as(oak.officer):
        ScoreReview.objects.filter(pk=review.pk).update(decision="Otherwise.")


@pytest.mark.parametrize("who", ["officer", "boss"])
def test_no_version_of_a_score_is_changed_or_taken_away(oak, who):
    actor = oak.officer if who == "officer" else BOSS

    with pytest.raises(DatabaseError, match="permission denied"), acting_as(actor):
        CompetencyScore.objects.update(score=100_00)
    with pytest.raises(DatabaseError, match="permission denied"), acting_as(actor):
        CompetencyScore.objects.all().delete()


def test_the_letter_is_made_once_by_its_job(oak):
    review = decide(oak, propose(oak))

    with acting_as(BOSS, at=YEAR_LATER + timedelta(days=20)):
        owed = OwedJob.objects.get(job=MAKE_REVIEW_LETTER)
        for _ in range(2):
            perform(owed.job, owed.ids, actor=BOSS, now=YEAR_LATER + timedelta(days=20))
        (letter,) = Document.objects.filter(kind="score_review")
    assert (letter.provider_id, letter.subject_id) == (review.provider_id, review.id)
    assert bytes(letter.content).startswith(b"%PDF")
