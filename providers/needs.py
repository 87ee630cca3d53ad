"""The kinds of special educational need, by the school census's codes."""

from __future__ import annotations

WORDS = {
    "ASD": "Autism",
    "HI": "Hearing impairment",
    "MLD": "Moderate learning difficulty",
    "MSI": "Multi-sensory impairment",
    "OTH": "Other difficulty or disability",
    "PD": "Physical disability",
    "PMLD": "Profound and multiple learning difficulty",
    "SEMH": "Social, emotional and mental health",
    "SLCN": "Speech, language and communication",
    "SLD": "Severe learning difficulty",
    "SPLD": "Specific learning difficulty, such as dyslexia",
    "VI": "Visual impairment",
}


def code_of(text: str) -> str | None:
    """The code at the start of a register's entry, "SpLD - Specific Learning Difficulty"."""
    code = text.partition(" - ")[0].strip().upper()
    return code if code in WORDS else None


def in_words(code: str) -> str:
    """What the code stands for; an unknown one stays as it is."""
    return WORDS.get(code, code)
