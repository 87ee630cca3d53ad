from qualification.worries import Found, worries


def test_nothing_worries_where_all_is_in_order():
    assert worries(Found()) == ()


def test_everything_that_worries_is_named_the_gravest_first():
    found = Found(
        is_claim_confirmed=False,
        grounds=2,
        open_points=1,
        inspection_failures=("safeguarding: not met",),
        has_inspection=False,
    )

    assert worries(found) == (
        "Exclusion ground declared",
        "Inspection does not pass",
        "Claim not confirmed",
        "Waits for the provider’s reply",
        "No inspection known",
    )
