"""What tests of the vault's pages type, ask and read."""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dps.actors import REGION_ID, system
from dps.models import Upload
from dps.outbox import relay
from dps.tenancy.identity import acting_as
from dps.waiting import sections_for
from providers.models import Evidence
from tests.factories.evidence import (
    SYSTEM,
)
from tests.factories.files import pdf
from tests.factories.kernel import NOON

BOSS = system(REGION_ID)
LATER = NOON + timedelta(days=400)
TYPED = {
    "held_for": "all",
    "number": "PL 77",
    "sum_insured": "£10,000,000",
    "issued_on_day": "1",
    "issued_on_month": "9",
    "issued_on_year": "2025",
    "expires_on_day": "31",
    "expires_on_month": "8",
    "expires_on_year": "2099",
}
LIABILITY = "public_liability"
# Pages go by the clock on the wall.
FAR = date(2099, 8, 31)


def address(name, *args):
    return reverse(f"providers:{name}", args=args)


def add_page(kind=LIABILITY):
    return address("add_evidence", kind)


def file(content=None, name="certificate.pdf"):
    return SimpleUploadedFile(name, pdf() if content is None else content, "application/pdf")


def errors(response):
    return {name: list(words) for name, words in response.context["form"].errors.items()}


def kept():
    with acting_as(SYSTEM):
        return list(Evidence.objects.select_related("upload").order_by("id"))


def uploads(**facts):
    with acting_as(SYSTEM):
        return Upload.objects.filter(**facts).count()


def scan_all():
    for job_id in relay.lease(REGION_ID, now=LATER):
        relay.run(REGION_ID, job_id, now=LATER)


def waiting_for(actor):
    with acting_as(actor):
        sections = {each.heading: each for each in sections_for(actor, NOON)}
    return [item.text for item in sections["Your establishments"].items]


def hidden_file(response):
    return re.search(r'name="kept"(?: value="([^"]*)")?', response.content.decode())[1]
