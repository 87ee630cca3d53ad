"""Deciding on an application, by somebody else than its moderator (Q12, Q15)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from dps import audit
from dps.actors import REGION_ID, Actor
from dps.audit import Act
from dps.clock import london
from dps.money import show
from dps.outbox import owe
from dps.permissions import Action, require
from dps.refusals import NotUnderstood, Refusal
from dps.services.messages import ProviderLetter, send_to_provider
from providers.models import Establishment
from qualification.models import Application, Check, CompetencyScore, Qualification
from qualification.queries.applications import COSTS, Contents, contents_of, with_names
from qualification.queries.circumstances import Circumstances, circumstances
from qualification.scoring import Graded, statement_score
from qualification.services.checking import not_clear
from qualification.services.lifting import follow_decision, refuse_unless_they_may_lift
from qualification.services.sending_terms import ask_newcomer
from qualification.states import APPLICATION, ApplicationState, ApplicationStep

MAKE_OUTCOME_LETTER = "qualification.make_outcome_letter"
INVITE_NEWLY_QUALIFIED = "referrals.invite_newly_qualified"
"""Done by the app above, for open referrals (BC 4.5); its name is all that is known here."""


class ReasonMissing(NotUnderstood):
    message = "Enter a reason"


class CannotQualify(Refusal):
    message = "This establishment cannot qualify yet"


class SecondPersonDecides(Refusal):
    message = (
        "You agreed the grades of this application, or found what does not pass. Somebody else has"
        " to decide on it"
    )


class NothingFails(NotUnderstood):
    message = "Select what does not pass"


class NotFoundToFail(Refusal):
    message = "What does not pass has to be found by a check first"


@transaction.atomic
def decide(
    *,
    application_id: UUID,
    qualifies: bool,
    reason: str,
    failed: Sequence[str] = (),
    actor: Actor,
    now: datetime,
) -> Application:
    """Decide that an establishment qualifies, or which of its items fail (BC 7.4-7.13, Q12).

    Qualifying sets the score of its statements and puts it on the published list at once, or
    lifts the suspension that it puts right. The score is no barrier; what passes or fails is.
    `failed` holds the codes of the questions that fail, and "costs".

    :raises NotPermitted: only officers decide, and what lifts a suspension, who may lift it.
    :raises IllegalTransition: it is not moderated, or is decided or withdrawn.
    :raises ReasonMissing, NothingFails: no reason is given, or nothing to put right.
    :raises SecondPersonDecides: the actor moderated it, or found what fails.
    :raises NotFoundToFail: something is said to fail that no check found so.
    :raises CannotQualify: something stands in the way, named in the message.
    """
    require(actor, Action.DECIDE_APPLICATION)
    application = with_names().select_for_update(of=("self",)).get(pk=application_id)
    step = ApplicationStep.QUALIFY if qualifies else ApplicationStep.REJECT
    after = APPLICATION.after(ApplicationState(application.state), step)
    if not reason.strip():
        raise ReasonMissing("Enter the reason for the decision", field="reason")
    contents = contents_of(application)
    if application.moderated_by_id == actor.person_id:
        raise SecondPersonDecides
    if qualifies:
        _refuse_unless_it_can_qualify(contents, actor=actor, day=london(now).date())
    else:
        _refuse_unless_these_fail(contents, failed, actor=actor, day=london(now).date())

    application.state = after
    application.decided_at, application.decided_by_id = now, actor.person_id
    application.decision_reason = reason.strip()
    application.failed = [] if qualifies else sorted(set(failed))
    application.score = _score(contents)
    application.save(
        update_fields=["state", "decided_at", "decided_by", "decision_reason", "failed", "score"]
    )
    if qualifies:
        _take_effect(application, actor=actor, now=now)
    act = Act(f"application.{after.value}", application, _facts(contents))
    audit.record(act, actor=actor, at=now)
    _tell(application, now=now)
    return application


def _score(contents: Contents) -> int | None:
    """None where no statement is asked for, or one has no agreed grade."""
    return None if contents.ungraded or not contents.statements else score_of(contents)


def _facts(contents: Contents) -> dict[str, object]:
    application = contents.application
    return {
        "establishment_id": str(application.establishment_id),
        "category": application.category.code,
        "score": application.score,
        "grades": {
            each.criterion.code: each.agreed.grade for each in contents.statements if each.agreed
        },
        "failed": application.failed,
    }


def score_of(contents: Contents) -> int:
    """The core competency score of the agreed grades, 0-100 in hundredths (BC 7.10).

    :raises CannotBeScored: the weights do not add up to 100.
    """
    return statement_score(
        Graded(each.criterion.code, each.criterion.weight, each.agreed.grade)
        for each in contents.statements
        if each.agreed
    )


def why_it_cannot_qualify(contents: Contents, around: Circumstances) -> list[str]:
    """What stands in the way, in words for the officer; empty if nothing does."""
    application, found = contents.application, []
    for each in not_clear(contents, checks=around.checks):
        made = around.checks.get(each.criterion.code)
        words = _NOT_CLEAR[made.result if made else "no" if each.passes is False else ""]
        found.append(f"“{each.criterion.title}” {words}")
    found += [f"“{each.criterion.title}” has no agreed grade" for each in contents.ungraded]
    if _costs_are_asked(application):
        found += filter(None, [above_cap(contents, around.cap_pence)])
    return [*found, *_about_the_establishment(application, around)]


_NOT_CLEAR = {
    "": "is not checked yet",
    "no": "is answered with no",
    Check.Result.ASKED: "waits for the provider’s reply to be looked at",
    Check.Result.FAILS: "does not pass",
}


def _costs_are_asked(application: Application) -> bool:
    """A cap that came later takes nobody off the list who puts something else right."""
    return application.suspension_id is None or COSTS in (application.to_put_right or ())


def above_cap(contents: Contents, cap_pence: int | None) -> str:
    """In words, if the core costs are above the cap common to all councils; else empty (Q7)."""
    if cap_pence is None or contents.totals.year_pence <= cap_pence:
        return ""
    return (
        f"the core costs come to {show(contents.totals.year_pence)} a year, above the cap of"
        f" {show(cap_pence)} that all councils share"
    )


def may_fail(contents: Contents, around: Circumstances) -> list[str]:
    """The codes that a decision can name as failed: found so by a check, or beyond doubt."""
    codes = []
    for each in not_clear(contents, checks=around.checks):
        made = around.checks.get(each.criterion.code)
        if each.passes is False or (made and made.result == Check.Result.FAILS):
            codes.append(each.criterion.code)
    return [*codes, COSTS] if above_cap(contents, around.cap_pence) else codes


def _about_the_establishment(application: Application, around: Circumstances) -> list[str]:
    found = []
    if not around.is_claim_confirmed:
        found.append("the provider’s claim to run the establishment is not confirmed")
    if not around.is_open:
        found.append("the establishment is closed on the register")
    if application.suspension_id is not None:
        if not around.is_listed:
            found.append("the establishment is on the list of this category no more")
    elif around.is_listed:
        found.append("the establishment is on the list of this category already")
    return found


def _refuse_unless_it_can_qualify(contents: Contents, *, actor: Actor, day: date) -> None:
    application = contents.application
    refuse_unless_they_may_lift(application, actor)
    # Two applications for one establishment are decided one after the other.
    Establishment.objects.select_for_update().get(pk=application.establishment_id)
    found = why_it_cannot_qualify(contents, _circumstances(application, day))
    if found:
        raise CannotQualify(f"This establishment cannot qualify yet: {'; '.join(found)}")


def _refuse_unless_these_fail(
    contents: Contents, failed: Sequence[str], *, actor: Actor, day: date
) -> None:
    if not failed:
        raise NothingFails(field="failed")
    around = _circumstances(contents.application, day)
    unfounded = set(failed) - set(may_fail(contents, around))
    if unfounded:
        titles = {each.criterion.code: each.criterion.title for each in contents.answered}
        named = ", ".join(sorted(titles.get(code, code.capitalize()) for code in unfounded))
        raise NotFoundToFail(
            f"No check has found that this does not pass: {named}. Record the check first",
            field="failed",
        )
    finders = {one.checked_by_id for code, one in around.checks.items() if code in failed}
    if actor.person_id in finders:
        raise SecondPersonDecides


def _take_effect(application: Application, *, actor: Actor, now: datetime) -> None:
    if application.suspension_id is None:
        _put_on_the_list(application, now=now)
    else:
        follow_decision(application, actor=actor, now=now)


def _circumstances(application: Application, day: date) -> Circumstances:
    return circumstances([application.id], day)[application.id]


def _put_on_the_list(application: Application, *, now: datetime) -> None:
    qualification = Qualification.objects.create(
        establishment_id=application.establishment_id,
        category_id=application.category_id,
        application_id=application.id,
        rule_set_id=application.rule_set_id,
        qualified_at=now,
    )
    if application.score is not None:
        CompetencyScore.objects.create(
            provider_id=application.provider_id,
            qualification=qualification,
            score=application.score,
            from_moment=now,
            reason="Method statements of the application",
            application=application,
        )
    owe(
        INVITE_NEWLY_QUALIFIED,
        key=f"newly_qualified:{qualification.id}",
        authority_id=REGION_ID,
        at=now,
        establishment_id=str(application.establishment_id),
    )
    ask_newcomer(provider_id=application.provider_id, now=now)


def _tell(application: Application, *, now: datetime) -> None:
    """Everybody who acts for the provider gets a message, and the letter is made as a PDF."""
    context = {
        "establishment": application.establishment.name,
        "category": application.category.name,
        "application_id": str(application.id),
        "is_of_suspension": application.suspension_id is not None,
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
