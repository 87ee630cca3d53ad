"""A provider registers: the organisation and the first person who acts for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from dps import audit
from dps.actors import REGION_ID, Actor, Role
from dps.audit import Act
from dps.permissions import Action, require
from dps.refusals import Refusal
from dps.services.messages import Letter, send
from dps.services.people import Joining, enrol
from providers.models import Provider


class ProviderNameTaken(Refusal):
    message = (
        "An organisation of this name has registered already. If it is yours, ask the colleague"
        " who registered it, or the contract team, to invite you"
    )


class CompanyNumberTaken(Refusal):
    message = (
        "An organisation with this company number has registered already. If it is yours, ask the"
        " colleague who registered it, or the contract team, to invite you"
    )


@dataclass(frozen=True, slots=True)
class NewProvider:
    """An organisation and the person who registers it, who becomes its administrator."""

    name: str
    person_name: str
    email: str
    password: str | None = field(repr=False)
    company_number: str = ""
    contact_phone: str = ""
    is_invented: bool = False


@transaction.atomic
def register_provider(new: NewProvider, *, actor: Actor, now: datetime) -> Provider:
    """Make the organisation, its first person and their account together; tell them (Q1).

    :raises NotPermitted: somebody signed in registers no further organisation.
    :raises ProviderNameTaken: the name, in any case of letters, has registered.
    :raises CompanyNumberTaken: the company has registered under another name.
    :raises EmailTaken: the address has an account.
    """
    require(actor, Action.REGISTER_PROVIDER)
    if Provider.objects.filter(name__iexact=new.name).exists():
        raise ProviderNameTaken(field="name")
    number = new.company_number
    if number and Provider.objects.filter(company_number=number).exists():
        raise CompanyNumberTaken(field="company_number")
    provider = Provider.objects.create(
        name=new.name,
        company_number=number,
        contact_email=new.email,
        contact_phone=new.contact_phone,
        is_invented=new.is_invented,
        registered_at=now,
    )
    act = Act("provider.registered", provider, {"name": new.name, "company_number": number})
    audit.record(act, actor=actor, at=now, authority_id=REGION_ID)
    first = Joining(
        name=new.person_name,
        email=new.email,
        password=new.password,
        roles=(Role.PROVIDER_ADMINISTRATOR,),
        provider_id=provider.id,
    )
    membership = enrol(first, actor=actor, now=now)
    letter = Letter("providers/registered", membership.person_id, {"provider": new.name})
    send(letter, key=f"registered:{provider.id}", authority_id=REGION_ID, now=now)
    return provider
