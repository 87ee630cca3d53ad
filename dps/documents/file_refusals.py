"""Why a file that somebody sends is not taken, in words that say what to do instead."""

from __future__ import annotations

from dps.refusals import NotUnderstood

MEGABYTE = 1024 * 1024
MOST_BYTES = 10 * MEGABYTE
MOST_MEGAPIXELS = 40
TAKEN_ENDINGS = (".pdf", ".docx", ".xlsx", ".png", ".jpg", ".jpeg")
"""What a browser offers first; the content alone decides."""
TAKEN = "a PDF, Word, Excel, PNG or JPEG file"


class FileRefused(NotUnderstood):
    """The ground of them all; the message belongs to the form's field of the file."""

    message = f"The file must be {TAKEN}"
    field = "file"


class EmptyFile(FileRefused):
    message = "The selected file is empty. Check that it opens on your computer, then choose it"


class FileTooLarge(FileRefused):
    def __init__(self, size: int) -> None:
        # Rounded up, so that nobody reads "10.0 MB" of a file that is too large.
        tenths = -(-size * 10 // MEGABYTE)
        super().__init__(
            f"The file must be {MOST_BYTES // MEGABYTE} MB or smaller. Yours is {tenths // 10}."
            f"{tenths % 10} MB. Scan it again in black and white, or send fewer pages"
        )


class WrongKindOfFile(FileRefused):
    """What is inside is none of the kinds that are taken, whatever the name says."""


class TwoKindsAtOnce(FileRefused):
    message = "This file is two kinds of file at once. Open it, save it again as PDF and send that"


class DamagedFile(FileRefused):
    message = (
        "The file is damaged or not complete. Open it on your computer, save it again and send that"
    )


class NeedsPassword(FileRefused):
    message = (
        "The file is protected by a password, so we cannot check it. Save a copy without the"
        " password and send that"
    )


class HasPrograms(FileRefused):
    message = "The file has macros or programs in it. Save it as PDF and send that"


class LoadsFromElsewhere(FileRefused):
    message = (
        "The file fetches something from another place when it is opened, such as a template, a"
        " picture or another workbook. Save it as PDF and send that"
    )


class HasFilesInside(FileRefused):
    message = (
        "The file has other files inside it. Save it as PDF and send that, and send the others one"
        " by one"
    )


class TooMuchInside(FileRefused):
    message = "There is too much inside this file for us to check it. Save it as PDF and send that"


class TooManyPixels(FileRefused):
    message = (
        f"The picture must have {MOST_MEGAPIXELS} megapixels or fewer. Make it smaller, or save it"
        " as PDF"
    )
