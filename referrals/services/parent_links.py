"""The parent's way in: a link by email, and a code that comes another way (P2, T11-T13)."""

from __future__ import annotations

import enum
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from dps import audit
from dps.actors import Actor
from dps.audit import Act
from dps.clock import show_instant
from dps.models import Authority, Message
from dps.outbox import owe
from dps.outbox.jobs import job
from dps.permissions import Action, require
from dps.refusals import Gone, NotFound, Refusal, TooMany
from dps.services.secrets import Secret, send_secret
from referrals.jobs import (
    CONFIRM_CHOICE,
    SEND_CHOICE_CODE,
    SEND_CHOICE_LINK,
    TELL_CHOICE_CHANGED,
)
from referrals.models import ChoiceOffer, ParentChoice, ParentCode, ParentLink
from referrals.queries.choice import answers_of, held_until, is_open, newest_code
from referrals.services.child_details import read_of_offer
from referrals.services.choosing import locked_by_parent, locked_offer, refuse_if_closed
from referrals.services.stages import locked

TOKEN_BYTES = 32
CODE_LIFE = timedelta(minutes=10)
MOST_TRIES = 5
MOST_TEXTED_A_DAY = 10
BETWEEN_TEXTS = timedelta(minutes=1)
BY_TEXT, BY_OFFICER = "text", "officer"


class UnknownLink(NotFound):
    message = "Page not found"


class LinkEnded(Gone):
    message = (
        "This link has ended. The time to choose is over, or the council has sent you a newer"
        " message. Look for our newest message: it says what happens next. If you cannot find it,"
        " ring the council"
    )


class NoMobileNumber(Refusal):
    message = "We have no mobile number for you. Ring the council to be told the code"


class NoEmailAddress(Refusal):
    message = "There is no email address for the parent, so no link can be sent. Ring them"


class TooManyCodes(Refusal):
    message = "We have sent 10 codes today. Ring the council to be told a code"


class CodeJustSent(TooMany):
    message = (
        "We sent you a code less than a minute ago. It can take a minute to arrive. If it does not"
        " come, or does not work any more, wait a minute and then ask for another one"
    )


@dataclass(frozen=True, slots=True)
class FoundLink:
    """The offer that a link leads to."""

    authority_id: int
    offer_id: UUID


class CodeAnswer(enum.StrEnum):
    """What became of a try at the code. A wrong try is kept, so it is no exception."""

    RIGHT = "right"
    WRONG = "wrong"
    NO_CODE = "no code"
    NO_TRIES_LEFT = "no tries left"


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def find_link(token_hash: str, *, now: datetime) -> FoundLink:
    """
    The offer of a link, found by the public actor through one function of the database.

    :raises UnknownLink: there is no such link.
    :raises LinkEnded: it has expired or was closed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM find_parent_link(%s)", [token_hash])
        row = cursor.fetchone()
    if row is None:
        raise UnknownLink
    authority_id, offer_id, expires_at, is_revoked = row
    if is_revoked or expires_at <= now:
        raise LinkEnded
    return FoundLink(authority_id, offer_id)


@transaction.atomic
def make_code(*, referral_id: UUID, actor: Actor, now: datetime) -> str:
    """
    Make a code for the officer to read out, shown this once (P2).

    :raises NotPermitted: the actor is no commissioner.
    :raises IllegalTransition: the choice is not with the parent.
    :raises WindowClosed: the time has ended.
    """
    require(actor, Action.OFFER_CHOICE)
    referral = locked(referral_id)
    offer = locked_offer(referral)
    refuse_if_closed(offer, now=now)
    code = _new_code(offer, BY_OFFICER, now=now)
    audit.record(Act("choice.code_made", offer, {"by": BY_OFFICER}), actor=actor, at=now)
    return code


@transaction.atomic
def send_new_link(*, referral_id: UUID, actor: Actor, now: datetime) -> None:
    """
    End the parent's link and have a new one sent, where the email was lost (P2, T13).

    :raises NotPermitted: the actor is no commissioner.
    :raises IllegalTransition: the choice is not with the parent.
    :raises WindowClosed: the time has ended.
    :raises NoEmailAddress: none is known.
    """
    require(actor, Action.OFFER_CHOICE)
    offer = locked_offer(locked(referral_id))
    refuse_if_closed(offer, now=now)
    if not offer.parent_email:
        raise NoEmailAddress

    ended = _live_links(offer.id).update(revoked_at=now)
    audit.record(Act("choice.link_replaced", offer, {"ended": ended}), actor=actor, at=now)
    key, own = f"choice-link:{offer.id}:{now.isoformat()}", offer.authority_id
    owe(SEND_CHOICE_LINK, key=key, authority_id=own, at=now, offer_id=str(offer.id))


@transaction.atomic
def request_code(*, offer_id: UUID, actor: Actor, now: datetime) -> None:
    """
    Ask for a code by text message: one a minute at most, ten a day.

    :raises NotPermitted: the actor is no parent.
    :raises WindowClosed: the time has ended.
    :raises NoMobileNumber: none is known.
    :raises CodeJustSent: one was sent within the last minute.
    :raises TooManyCodes: ten were sent within a day.
    """
    require(actor, Action.MAKE_CHOICE)
    offer = locked_by_parent(offer_id)
    refuse_if_closed(offer, now=now)
    if not offer.parent_phone:
        raise NoMobileNumber
    sent = ParentCode.objects.filter(
        offer_id=offer.id, channel=BY_TEXT, made_at__gt=now - timedelta(days=1)
    )
    if sent.filter(made_at__gt=now - BETWEEN_TEXTS).exists():
        raise CodeJustSent
    if sent.count() >= MOST_TEXTED_A_DAY:
        raise TooManyCodes

    audit.record(Act("choice.code_requested", offer), actor=actor, at=now)
    # Asked for twice before the first is made, it is one code: that one is on its way.
    key, own = f"choice-code:{offer.id}:{now:%Y%m%d%H%M}", offer.authority_id
    owe(SEND_CHOICE_CODE, key=key, authority_id=own, at=now, offer_id=str(offer.id))


@transaction.atomic
def enter_code(*, offer_id: UUID, code: str, actor: Actor, now: datetime) -> CodeAnswer:
    """
    Try the newest code: it works once, for 10 minutes, with 5 tries (P2, T11).

    :raises NotPermitted: the actor is no parent.
    :raises WindowClosed: the time has ended.
    """
    require(actor, Action.MAKE_CHOICE)
    offer = locked_by_parent(offer_id)
    refuse_if_closed(offer, now=now)
    newest = newest_code(offer.id)
    if newest is None or newest.used_at is not None or newest.expires_at <= now:
        return CodeAnswer.NO_CODE
    if newest.tries >= MOST_TRIES:
        return CodeAnswer.NO_TRIES_LEFT

    newest.tries += 1
    is_right = constant_time_compare(newest.code_hash, _code_hash(newest, code))
    newest.used_at = now if is_right else None
    newest.save(update_fields=["tries", "used_at"])
    answer = CodeAnswer.RIGHT if is_right else CodeAnswer.WRONG
    if not is_right and newest.tries >= MOST_TRIES:
        answer = CodeAnswer.NO_TRIES_LEFT
    facts = {"answer": answer.value, "tries": newest.tries}
    audit.record(Act("choice.code_entered", offer, facts), actor=actor, at=now)
    return answer


@job(SEND_CHOICE_LINK)
def send_link(*, offer_id: str, actor: Actor, now: datetime) -> None:
    """Make the token, keep its hash, and email the link; while one is in force, no other is."""
    offer = ChoiceOffer.objects.select_for_update().get(id=offer_id)
    # Never by text: the code comes that way.
    if not offer.parent_email or not is_open(offer, now=now) or _live_links(offer.id).exists():
        return
    token = secrets.token_urlsafe(TOKEN_BYTES)
    ParentLink.objects.create(
        authority_id=offer.authority_id,
        offer_id=offer.id,
        token_hash=hash_of(token),
        made_at=now,
        expires_at=offer.closes_at,
    )
    path = reverse("referrals:choice_link", args=[token])
    context = {
        "link": f"{settings.PUBLIC_ADDRESS.rstrip('/')}{path}",
        "asks_again": offer.asks_again,
    }
    _write_to_parent(offer, "referrals/choice_link", context, now=now)
    audit.record(Act("choice.link_sent", offer), actor=actor, at=now)


@job(SEND_CHOICE_CODE)
def send_code(*, offer_id: str, actor: Actor, now: datetime) -> None:
    """Make a code and send it as a text message."""
    offer = ChoiceOffer.objects.select_for_update().get(id=offer_id)
    if not is_open(offer, now=now):
        return
    context = {"code": _new_code(offer, BY_TEXT, now=now)}
    subject, body = _words("referrals/choice_code", {**context, **_letterhead(offer)})
    to = read_of_offer(offer, "parent_phone")
    _send(offer, Secret(Message.Channel.TEXT, to, subject, body), "referrals/choice_code", now=now)
    audit.record(Act("choice.code_made", offer, {"by": BY_TEXT}), actor=actor, at=now)


@job(CONFIRM_CHOICE)
def confirm_choice(*, choice_id: str, actor: Actor, now: datetime) -> None:
    """
    Tell the parent that an answer was given, so that one given by somebody else is noticed.

    Of an officer's record they are told which answer and by whom: they did not type it.
    """
    rows = ParentChoice.objects.select_related("offer", "option", "recorded_by")
    choice = rows.get(id=choice_id)
    if choice.recorded_by is None:
        _write_to_parent(choice.offer, "referrals/choice_confirmed", {}, now=now)
        return
    wish = ParentChoice.Wish(choice.wish).label
    held = held_until(choice.offer, answers_of(choice.offer_id))
    context = {
        "held": show_instant(held) if held else "",
        "answer": choice.option.name if choice.option else str(wish),
        "officer": choice.recorded_by.name,
        "recorded": show_instant(choice.chosen_at),
    }
    _write_to_parent(choice.offer, "referrals/choice_recorded", context, now=now)


@job(TELL_CHOICE_CHANGED)
def tell_choice_changed(*, offer_id: str, actor: Actor, now: datetime) -> None:
    """Tell the parent that the choice has ended, since a place is no longer possible (P1)."""
    offer = ChoiceOffer.objects.get(id=offer_id)
    _write_to_parent(offer, "referrals/choice_changed", {}, now=now)


def _live_links(offer_id: UUID) -> QuerySet[ParentLink]:
    return ParentLink.objects.filter(offer_id=offer_id, revoked_at__isnull=True)


def _new_code(offer: ChoiceOffer, channel: str, *, now: datetime) -> str:
    code = f"{secrets.randbelow(1_000_000):06}"
    row = ParentCode(
        authority_id=offer.authority_id,
        offer_id=offer.id,
        channel=channel,
        made_at=now,
        expires_at=now + CODE_LIFE,
    )
    row.code_hash = _code_hash(row, code)
    row.save(force_insert=True)
    return code


def _code_hash(row: ParentCode, code: str) -> str:
    """Keyed, since a million codes are tried in a second by whoever reads the table."""
    digits = "".join(code.split())
    keyed = salted_hmac("referrals.ParentCode", f"{row.id}:{digits}", algorithm="sha256")
    return keyed.hexdigest()


def _write_to_parent(
    offer: ChoiceOffer, template: str, context: dict[str, object], *, now: datetime
) -> None:
    """By email, or by text message where no address is known."""
    subject, body = _words(template, {**context, **_letterhead(offer)})
    by_email = bool(offer.parent_email)
    channel = Message.Channel.EMAIL if by_email else Message.Channel.TEXT
    to = read_of_offer(offer, "parent_email" if by_email else "parent_phone")
    _send(offer, Secret(channel, to, subject, body), template, now=now)


def _send(offer: ChoiceOffer, secret: Secret, template: str, *, now: datetime) -> None:
    key = f"{template}:{offer.id}:{now.isoformat()}"
    send_secret(secret, key=key, template=template, authority_id=offer.authority_id, now=now)


def _letterhead(offer: ChoiceOffer) -> dict[str, object]:
    authority = Authority.objects.get(id=offer.authority_id)
    return {
        "authority": authority,
        "phone": authority.contact_phone,
        "initials": offer.parent_initials,
        "closes": show_instant(offer.closes_at),
        "has_link": bool(offer.parent_email),
    }


def _words(template: str, context: dict[str, object]) -> tuple[str, str]:
    app, _, name = template.partition("/")
    text = render_to_string(f"{app}/messages/{name}.txt", context)
    subject, _, body = text.strip().partition("\n")
    return subject.strip(), body.strip() + "\n"
