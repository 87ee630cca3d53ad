"""What the tests of the market's pages share: reading a page, and typing a date."""

import re
from datetime import date, timedelta

from django.utils import timezone

from dps.clock import london
from dps.tenancy.identity import acting_as


def today() -> date:
    return london(timezone.now()).date()


def in_days(number):
    return today() + timedelta(days=number)


def typed(name, day):
    """A date as its three boxes send it."""
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def text_of(response):
    words = re.sub(r"<script.*?</script>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return " ".join(words.split())


def errors_of(response):
    """The messages at the fields."""
    found = re.findall(
        r'class="govuk-error-message">(.*?)</p>', response.content.decode(), flags=re.S
    )
    return [" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in found]


def as_actor(actor, query):
    with acting_as(actor):
        return query()
