"""Two people at once on questions and contract terms: one does it, the other is told so."""

from dataclasses import replace

import pytest

from dps.actors import REGION_ID, Role, system
from dps.tenancy.identity import acting_as
from qualification.models import Acceptance, Clarification, Terms
from qualification.services import clarifying, terms
from tests.at_once import act, in_turn, refusals
from tests.factories.asking import FIRST, ask, publish, put_on_the_list
from tests.factories.kernel import NOON, make_person, make_region
from tests.factories.qualification import make_applying

BOSS = system(REGION_ID)
pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def oak():
    return make_applying(make_region())


def count(model, **where):
    with acting_as(BOSS):
        return model.objects.filter(**where).count()


@pytest.mark.off_switch("question-row")
@pytest.mark.parametrize("second", ["answer", "decline"])
def test_a_question_is_answered_once(oak, second):
    asked = ask(oak.region, oak.head)
    answering = [
        act(
            clarifying.answer_question,
            actor=officer,
            now=NOON,
            question_id=asked.pk,
            question="May it?",
            answer="Yes.",
        )
        for officer in (oak.officer, oak.second)
    ]
    declining = act(
        clarifying.decline_question,
        actor=oak.second,
        now=NOON,
        question_id=asked.pk,
        reason="See page 2.",
    )
    done = in_turn(answering[0], answering[1] if second == "answer" else declining)

    refused = [type(each) for each in done.both if isinstance(each, Exception)]
    assert refused == [clarifying.QuestionIsClosed]
    assert count(Clarification) == 1


@pytest.mark.off_switch("terms-accepted-once")
def test_two_of_one_provider_accept_a_version_once(oak):
    put_on_the_list(oak)
    made = publish(make_person(Role.DPS_MANAGER, authority=oak.region.west))
    other = make_person(Role.PROVIDER_ADMINISTRATOR, provider_id=oak.provider.id)
    done = in_turn(
        *(
            act(
                terms.accept_terms,
                actor=actor,
                now=NOON,
                number=1,
                signature=terms.Signature(actor.name, "Director", made.sha256),
            )
            for actor in (oak.head, other)
        )
    )

    assert refusals(done.both) == [terms.AlreadyAccepted]
    assert count(Acceptance) == 1


@pytest.mark.off_switch("terms-numbered-once")
def test_two_who_publish_terms_at_once_publish_one_version(oak):
    managers = [
        make_person(Role.DPS_MANAGER, authority=oak.region.west, name=name)
        for name in ("One", "Two")
    ]
    done = in_turn(
        *(
            act(
                terms.publish_terms,
                actor=manager,
                now=NOON,
                new=replace(FIRST, text=f"The words of {manager.name}"),
            )
            for manager in managers
        )
    )

    assert refusals(done.both) == [terms.PublishedMeanwhile]
    assert count(Terms, number=1) == 1
