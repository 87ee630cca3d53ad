"""Chapter four: referrals are raised and issued; invited providers bid or decline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from contracts.loading.story import Story
from dps.actors import Actor, Role
from dps.clock import from_london, london
from dps.demo import costs, texts
from dps.demo.establishments import DemoEstablishment, establishments
from dps.demo.texts import DemoReferral
from dps.money import Basis, annual
from qualification.queries.qualified import competency_at, core_lines
from referrals.bid_content import BidContent, BidLine
from referrals.limits import Limit
from referrals.models import Invitation, Referral
from referrals.scoring_terms import FeatureKind, LineKind
from referrals.services import raising
from referrals.services.bidding import save_draft, submit_bid
from referrals.services.declining import decline
from referrals.services.identity import ChildDetails, keep_identity
from referrals.services.issuing import issue_referral

BIDDING = timedelta(days=14)
CHILDREN = ("Alfie Example", "Bea Sample", "Cal Imagined", "Dot Invented", "Eli Madeup")
PARENTS = ("Sam Example", "Jo Sample", "Kit Imagined", "Lou Invented", "Ash Madeup")


@dataclass(frozen=True)
class Plan:
    """One referral of the demo: its text, when it is issued, and how alike its bids are."""

    text: DemoReferral
    issued_at: datetime
    number: int
    is_open: bool = False
    is_near_tie: bool = False
    is_without_bids: bool = False

    @property
    def most_bids(self) -> int:
        """While a referral is open, some have yet to answer."""
        return 3 if self.is_open else 6


def commissioner(story: Story, plan: Plan) -> Actor:
    return story.person(plan.text.authority, Role.COMMISSIONER)


def raise_one(story: Story, plan: Plan, *, is_complete: bool = True) -> Referral:
    """Raise a referral; an incomplete one stays a draft with the first tasks done."""
    actor, at = commissioner(story, plan), plan.issued_at - timedelta(days=1)
    text = plan.text
    category = story.categories[text.category.replace("_", "-")]
    with story.acting(actor, at):
        referral = raising.raise_referral(category_id=category.id, actor=actor, now=at)
        who: dict[str, Any] = {"referral_id": referral.id, "actor": actor, "now": at}
        profile = raising.Profile(text.age, f"{text.profile}\n\n{text.strengths}", text.own_words)
        raising.describe_child(profile=profile, **who)
        keep_identity(details=_details(plan), **who)
        needs = [raising.Wanted(need.words, need.marks) for need in text.needs]
        raising.list_needs(needs=needs, **who)
        if is_complete:
            _complete(plan, who)
    return referral


def _complete(plan: Plan, who: dict[str, Any]) -> None:
    text = plan.text
    features = [
        raising.WantedFeature(
            feature.words, feature.marks, FeatureKind(feature.kind), feature.essential
        )
        for feature in text.features
    ]
    raising.list_features(features=features, **who)
    outcomes = [
        raising.Wanted(one.words, one.marks, texts.OUTCOMES_FRAMEWORK[one.component])
        for one in text.outcomes
    ]
    raising.list_outcomes(outcomes=outcomes, **who)
    starts_on = london(plan.issued_at + timedelta(days=60)).date()
    placement = raising.Placement(starts_on, text.weeks, "Until the end of the key stage")
    raising.plan_placement(placement=placement, **who)
    raising.set_limit(limit=Limit(text.miles), **who)
    day = london(plan.issued_at + BIDDING).date()
    closes_at = from_london(day, datetime.min.time().replace(hour=17))
    raising.set_deadline(closes_at=closes_at, **who)


def issue(story: Story, plan: Plan) -> Referral:
    actor = commissioner(story, plan)
    referral = raise_one(story, plan)
    with story.acting(actor, plan.issued_at):
        return issue_referral(referral_id=referral.id, actor=actor, now=plan.issued_at)


def answer_invitations(story: Story, plan: Plan, referral: Referral) -> None:
    """Invented establishments bid or decline; real ones only ever stand invited."""
    invented = {story.establishments[one.key]: one for one in establishments()}
    rows = _invitations(story, plan, referral, invented)
    bidders = _bidders(story, plan, rows)
    undecided = [row for row in _willing(rows) if row not in bidders]
    for place, row in enumerate(rows):
        at = min(plan.issued_at + timedelta(days=4 + place % 8, hours=3), story.ago(hours=1))
        one = invented[row.establishment_id]
        owner = story.providers[one.provider.key]
        if row in bidders:
            price = bidders[row]
            offer = Offer(plan, referral, row, one, list(bidders).index(row), price)
            _bid(story, offer, owner, at=at)
        elif row not in undecided or plan.is_without_bids:
            _decline(story, row, owner, at=at, place=place)
        elif plan.is_open and row == undecided[0]:
            _begin(story, Offer(plan, referral, row, one, len(bidders), None), owner, at=at)


def _invitations(
    story: Story, plan: Plan, referral: Referral, invented: dict[UUID, DemoEstablishment]
) -> list[Invitation]:
    with story.acting(commissioner(story, plan), plan.issued_at):
        rows = Invitation.objects.filter(referral=referral, establishment_id__in=invented)
        return list(rows.order_by("establishment__name"))


def _bidders(story: Story, plan: Plan, rows: list[Invitation]) -> dict[Invitation, int | None]:
    """Who bids, each with the core price in a year that it comes down to, if it does."""
    if plan.is_without_bids:
        return {}
    if not plan.is_near_tie:
        return dict.fromkeys(_willing(rows)[: plan.most_bids])
    alike = _most_alike(story, plan, rows)
    lowest = min(_core_price(story, plan, row) for row in alike)
    return dict.fromkeys(alike, lowest)


def _willing(rows: list[Invitation]) -> list[Invitation]:
    """All but every third, who declines."""
    return [row for place, row in enumerate(rows) if place % 3 != 2]


def _most_alike(story: Story, plan: Plan, rows: list[Invitation]) -> list[Invitation]:
    """The two or three whose scores for core competency are nearest to each other."""
    with story.acting(commissioner(story, plan), plan.issued_at):
        scores = competency_at(
            [row.establishment_id for row in rows], rows[0].category_id, plan.issued_at
        )
    ranked = sorted(rows, key=lambda row: scores[row.establishment_id])
    many = min(3, len(ranked))
    windows = [ranked[start : start + many] for start in range(len(ranked) - many + 1)]
    return min(
        windows,
        key=lambda some: scores[some[-1].establishment_id] - scores[some[0].establishment_id],
    )


def _core_price(story: Story, plan: Plan, row: Invitation) -> int:
    owner = next(a for a in story.providers.values() if a.provider_id == row.provider_id)
    with story.acting(owner, plan.issued_at):
        lines = core_lines(row.establishment_id, row.category_id, weeks=plan.text.weeks)
    return sum(annual(line.amount_pence, Basis(line.basis), plan.text.weeks) for line in lines)


@dataclass(frozen=True)
class Offer:
    plan: Plan
    referral: Referral
    invitation: Invitation
    establishment: DemoEstablishment
    place: int
    core_price: int | None


def _decline(story: Story, row: Invitation, owner: Actor, *, at: datetime, place: int) -> None:
    reasons = texts.decline_reasons()
    reason = reasons[place % len(reasons)]
    with story.acting(owner, at):
        decline(invitation_id=row.id, reason=reason.reason, note=reason.words, actor=owner, now=at)


def _bid(story: Story, offer: Offer, owner: Actor, *, at: datetime) -> None:
    with story.acting(owner, at):
        content = _content(offer)
        save_draft(invitation_id=offer.invitation.id, content=content, actor=owner, now=at)
        submit_bid(invitation_id=offer.invitation.id, content=content, actor=owner, now=at)


def _begin(story: Story, offer: Offer, owner: Actor, *, at: datetime) -> None:
    """A draft that waits to be finished."""
    with story.acting(owner, at):
        content = _content(offer)
        save_draft(invitation_id=offer.invitation.id, content=content, actor=owner, now=at)


def _content(offer: Offer) -> BidContent:
    authority_id = offer.invitation.authority_id
    needs, features = _asked(offer.referral.id, authority_id)
    drop = 0 if offer.plan.is_near_tie or offer.place < 2 else offer.place - 1
    statements = texts.bid_statements()
    best = sorted(statements, key=lambda one: -one.grade)
    chosen = best[0] if offer.plan.is_near_tie else best[offer.place % len(best)]
    words = texts.family_words()
    return BidContent(
        needs_met=tuple(needs[: max(1, len(needs) - drop)]),
        features_met=tuple(features[: max(1, len(features) - drop)]),
        statement=chosen.words,
        family_words=words[offer.place % len(words)],
        has_vacancy=True,
        earliest_start=london(offer.plan.issued_at).date() + timedelta(days=40 + offer.place),
        lines=_lines(offer),
    )


def _asked(referral_id: UUID, authority_id: int) -> tuple[list[str], list[str]]:
    referral = Referral.objects.of(authority_id).get(id=referral_id)
    features = referral.features.order_by("-is_essential", "position")
    return (
        list(referral.needs.order_by("position").values_list("key", flat=True)),
        list(features.values_list("key", flat=True)),
    )


def _lines(offer: Offer) -> tuple[BidLine, ...]:
    """In a near tie all come down to the same core price; else each its own, or a little less."""
    invited, weeks = offer.invitation, offer.plan.text.weeks
    carried = core_lines(invited.establishment_id, invited.category_id, weeks=weeks)
    total = sum(annual(line.amount_pence, Basis(line.basis), weeks) for line in carried)
    wanted = offer.core_price or total * (98 if offer.place % 2 else 100) // 100
    lines = [
        BidLine(
            LineKind.CORE,
            line.code,
            line.title,
            Basis(line.basis),
            line.amount_pence * wanted // total,
            line.amount_pence,
        )
        for line in carried
    ]
    seed = offer.plan.text.key
    if not offer.plan.is_near_tie:
        seed = f"{seed}-{offer.establishment.key}"
    count = 1 if offer.plan.is_near_tie else 1 + offer.place % 3
    variable = [
        BidLine(LineKind.VARIABLE, line.head, line.label, Basis(line.basis), line.pence)
        for line in costs.variable_lines(seed=seed, count=count)
    ]
    return (*lines, *variable)


def _details(plan: Plan) -> ChildDetails:
    number = plan.number
    parent = PARENTS[number % len(PARENTS)]
    return ChildDetails(
        child_name=CHILDREN[number % len(CHILDREN)],
        postcode=plan.text.home_postcode,
        parent_name=parent,
        parent_email=f"{parent.lower().replace(' ', '.')}{number}@family.example",
        parent_phone="07700 900" + f"{100 + number:03d}",
    )
