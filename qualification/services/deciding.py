"""Grading the statements of an application and deciding on it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from dps import audit
from dps.actors import REGION_ID, Actor
from dps.audit import Act
from dps.outbox import owe
from dps.permissions import Action, require
from dps.refusals import IllegalTransition, NotFound, NotUnderstood, Refusal
from dps.services.messages import ProviderLetter, send_to_provider
from providers.models import Establishment
from qualification.grades import GRADES
from qualification.models import (
    AgreedGrade,
    Answer,
    Application,
    CompetencyScore,
    Qualification,
    SentAnswer,
)
from qualification.queries.applications import Contents, contents_of, with_names
from qualification.scoring import Graded, statement_score
from qualification.states import APPLICATION, WITH_THE_TEAM, ApplicationState, ApplicationStep

MAKE_OUTCOME_LETTER = "qualification.make_outcome_letter"
INVITE_NEWLY_QUALIFIED = "referrals.invite_newly_qualified"
"""Done by the app above, for open referrals (BC 4.5); its name is all that is known here."""


class NotWaiting(IllegalTransition):
    message = "This application has been decided or withdrawn, so it cannot be graded"


class NotAGrade(NotUnderstood):
    message = "The grade must be a whole number from 0 to 5"


class ReasonMissing(NotUnderstood):
    message = "Enter a reason"


class CannotQualify(Refusal):
    message = "This establishment cannot qualify yet"


@transaction.atomic
def grade_statement(
    *, answer_id: UUID, grade: int, reason: str, actor: Actor, now: datetime
) -> AgreedGrade:
    """Grade a method statement 0-5 with a reason; a later grade takes the place of it (BC 7.10).

    :raises NotPermitted: only officers of the central team grade.
    :raises NotWaiting: the application is not waiting for a decision.
    :raises NotFound: the answer is not a method statement.
    :raises NotAGrade, ReasonMissing: no grade from 0 to 5, or no reason.
    """
    require(actor, Action.GRADE_APPLICATION)
    answer = Answer.objects.select_related("question").get(pk=answer_id)
    sent = SentAnswer.objects.filter(answer=answer).values("application_id")
    application = Application.objects.select_for_update().filter(id__in=sent).order_by("id").first()
    if application is None or not answer.question.is_statement:
        raise NotFound
    if application.state not in WITH_THE_TEAM:
        raise NotWaiting
    if grade not in GRADES:
        raise NotAGrade(field="grade")
    if not reason.strip():
        raise ReasonMissing("Enter the reason for the grade", field="reason")

    before = AgreedGrade.objects.filter(answer=answer).values_list("grade", flat=True).first()
    graded, _ = AgreedGrade.objects.update_or_create(
        answer=answer,
        defaults={
            "provider_id": application.provider_id,
            "agreed_by_id": actor.person_id,
            "agreed_at": now,
            "grade": grade,
            "reason": reason.strip(),
        },
    )
    facts = {"question": answer.question.code, "before": before, "grade": grade}
    audit.record(Act("application.graded", application, facts), actor=actor, at=now)
    return graded


@transaction.atomic
def decide(
    *, application_id: UUID, qualifies: bool, reason: str, actor: Actor, now: datetime
) -> Application:
    """Decide that an establishment qualifies, or does not and how to put it right (BC 7.4-7.13).

    Qualifying sets the score of its statements and puts it on the published list at once. The
    score is no barrier; a pass or fail question is.

    :raises NotPermitted: only officers of the central team decide.
    :raises IllegalTransition: it is not waiting for a decision: decided, or withdrawn.
    :raises ReasonMissing: no reason is given.
    :raises CannotQualify: an answer fails, a grade is missing, the claim is not confirmed, the
        establishment is closed or on the list already.
    """
    require(actor, Action.DECIDE_APPLICATION)
    application = with_names().select_for_update(of=("self",)).get(pk=application_id)
    step = ApplicationStep.QUALIFY if qualifies else ApplicationStep.REJECT
    if application.state not in WITH_THE_TEAM:
        raise NotWaiting
    after = APPLICATION.after(ApplicationState.MODERATED, step)
    if not reason.strip():
        raise ReasonMissing("Enter the reason for the decision", field="reason")
    contents = contents_of(application)
    if qualifies:
        _refuse_unless_it_can_qualify(application, contents)

    application.state = after
    application.decided_at = now
    application.decided_by_id = actor.person_id
    application.decision_reason = reason.strip()
    application.score = None if contents.ungraded else score_of(contents)
    application.save(
        update_fields=["state", "decided_at", "decided_by", "decision_reason", "score"]
    )
    if qualifies:
        _put_on_the_list(application, score_of(contents), now=now)
    facts = {
        "establishment_id": str(application.establishment_id),
        "category": application.category.code,
        "score": application.score,
        "grades": _grades(contents),
    }
    audit.record(Act(f"application.{after.value}", application, facts), actor=actor, at=now)
    _tell(application, now=now)
    return application


def score_of(contents: Contents) -> int:
    """The core competency score of the graded statements, 0-100 in hundredths (BC 7.10).

    :raises CannotBeScored: the weights do not add up to 100.
    """
    return statement_score(
        Graded(each.criterion.code, each.criterion.weight, each.agreed.grade)
        for each in contents.statements
        if each.agreed
    )


def why_it_cannot_qualify(application: Application, contents: Contents) -> list[str]:
    """What stands in the way, in words for the officer; empty if nothing does."""
    found = [f"“{each.criterion.title}” is answered with no" for each in contents.failing]
    found += [f"“{each.criterion.title}” is not graded" for each in contents.ungraded]
    place = Establishment.objects.get(pk=application.establishment_id)
    if place.provider_id != application.provider_id:
        found.append("the provider’s claim to run the establishment is not confirmed")
    if not place.is_open:
        found.append("the establishment is closed on the register")
    listed = Qualification.objects.filter(
        establishment_id=place.id, category_id=application.category_id, ended_at__isnull=True
    )
    if listed.exists():
        found.append("the establishment is on the list of this category already")
    return found


def _grades(contents: Contents) -> dict[str, int]:
    return {each.criterion.code: each.agreed.grade for each in contents.statements if each.agreed}


def _refuse_unless_it_can_qualify(application: Application, contents: Contents) -> None:
    # Two applications for one establishment are decided one after the other.
    Establishment.objects.select_for_update().get(pk=application.establishment_id)
    found = why_it_cannot_qualify(application, contents)
    if found:
        raise CannotQualify(f"This establishment cannot qualify yet: {'; '.join(found)}")


def _put_on_the_list(application: Application, score: int, *, now: datetime) -> None:
    qualification = Qualification.objects.create(
        establishment_id=application.establishment_id,
        category_id=application.category_id,
        application_id=application.id,
        qualified_at=now,
    )
    CompetencyScore.objects.create(
        provider_id=application.provider_id,
        qualification=qualification,
        score=score,
        from_moment=now,
        reason="Method statements of the application",
    )
    owe(
        INVITE_NEWLY_QUALIFIED,
        key=f"newly_qualified:{qualification.id}",
        authority_id=REGION_ID,
        at=now,
        establishment_id=str(application.establishment_id),
    )


def _tell(application: Application, *, now: datetime) -> None:
    """Everybody who acts for the provider gets a message, and the letter is made as a PDF."""
    context = {
        "establishment": application.establishment.name,
        "category": application.category.name,
        "application_id": str(application.id),
    }
    letter = ProviderLetter(
        f"qualification/application_{application.state}", application.provider_id, context
    )
    key = f"application_decided:{application.id}"
    send_to_provider(letter, key=key, authority_id=REGION_ID, now=now)
    owe(
        MAKE_OUTCOME_LETTER,
        key=f"outcome_letter:{application.id}",
        authority_id=REGION_ID,
        at=now,
        application_id=str(application.id),
    )
