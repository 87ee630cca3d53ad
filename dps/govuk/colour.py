"""Whether a council's colour can be read: contrast by the formula of WCAG 2.2."""

import re

WHITE = "#ffffff"
LEAST_CONTRAST = 4.5
HEX = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)


class ColourRefused(ValueError):
    """The colour is not a hex code, or white words on it could not be read."""


def contrast(colour: str, other: str = WHITE) -> float:
    """Contrast between two colours such as "#00594f", from 1 to 21; not rounded.

    :raises ColourRefused: a colour is not # and six hex digits.
    """
    light, dark = sorted((_luminance(colour), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def brand_colour(colour: str) -> str:
    """The colour in small letters, when white words on it reach 4.5 to 1.

    :raises ColourRefused: it is no colour, or too light.
    """
    reached = contrast(colour)
    if reached < LEAST_CONTRAST:
        raise ColourRefused(
            f"{colour} is too light: its contrast with white is {reached:.2f} to 1. "
            "Choose a darker colour, at least 4.5 to 1."
        )
    return colour.lower()


def _luminance(colour: str) -> float:
    if not HEX.fullmatch(colour):
        raise ColourRefused("Enter a colour as # and six letters or numbers, like #00594f")
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
