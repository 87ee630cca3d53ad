"""The jobs that referrals owe, by name. Who does each is beside it in the services."""

SEND_CHOICE_LINK = "referrals.send_choice_link"
SEND_CHOICE_CODE = "referrals.send_choice_code"
CONFIRM_CHOICE = "referrals.confirm_choice"
WRITE_AWARD_LETTERS = "referrals.write_award_letters"
PRINT_AWARD_LETTER = "referrals.print_award_letter"
MAKE_AGREEMENT = "contracts.make_agreement"
"""Done by the app above; a name is all that is known of it here."""
