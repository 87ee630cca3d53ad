import pickle

import pytest

from dps.refusals import Gone, IllegalTransition, NotFound, NotPermitted, NotUnderstood, Refusal


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (Refusal, 409),
        (IllegalTransition, 409),
        (NotUnderstood, 400),
        (NotPermitted, 403),
        (NotFound, 404),
        (Gone, 410),
    ],
)
def test_a_refusal_has_its_status_and_words_of_its_own(refusal, status):
    raised = refusal()

    assert (raised.status, str(raised), raised.field) == (status, refusal.message, "")


def test_an_instance_may_bring_its_words_and_the_field_they_belong_to():
    raised = NotUnderstood("Enter a price", field="price")

    assert (str(raised), raised.message, raised.field) == ("Enter a price",) * 2 + ("price",)


def test_a_refusal_survives_a_process_boundary():
    raised = pickle.loads(pickle.dumps(Gone("Used", field="link")))  # noqa: S301 -- our own bytes

    assert (type(raised), raised.message, raised.field) == (Gone, "Used", "link")
