"""What a test reads of a page."""

import re

from django.urls import reverse

from qualification.models import Question


def text_of(response):
    words = re.sub(r"<script.*?</script>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return " ".join(words.split())


def page(name, *ids):
    return reverse(f"qualification:{name}", args=ids)


HEADS = (
    "assessment",
    "premises",
    "vehicles",
    "supplies",
    "education",
    "central",
    "core_staffing",
    "staff_related",
    "children",
)
"""The nine heads of the SEN schedule."""


def answer_page(application, code):
    question = Question.objects.get(code=code)
    return page("answer", application.joining_id, question.id)


def costs(form_value="1000", **others):
    """What the form of core costs sends: the same amount a year under each head."""
    amounts = {f"amount_{head}": form_value for head in HEADS}
    bases = {f"basis_{head}": "year" for head in HEADS}
    return amounts | bases | {"seen": ""} | others
