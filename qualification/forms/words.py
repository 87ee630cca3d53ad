"""Choices and bounds that several forms share."""

YES, NO = "yes", "no"
LONGEST_REASON_WORDS = 400
