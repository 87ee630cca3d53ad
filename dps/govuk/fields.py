"""Form fields that take what people type and refuse the rest in plain words.

Each message names the field. A label that is a question is spoken of as "your answer".
"""

import datetime as dt
import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from dps.govuk.widgets import PARTS, DateWidget, FilesInput

GROUPED = r"\d{1,3}(?:,\d{3})+|\d+"
WHOLE = re.compile(GROUPED, re.ASCII)
FIXED = re.compile(rf"({GROUPED})(?:\.(\d{{1,2}}))?", re.ASCII)
DAY_OR_MONTH = re.compile(r"\d{1,2}", re.ASCII)
YEAR = re.compile(r"\d{4}", re.ASCII)
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
DETERMINERS = {"a", "an", "any", "each", "its", "the", "their", "this", "which", "your"}
# Enough for any sum; keeps `int()` away from endless digits.
LONGEST_NUMBER = 20
BILLION_POUNDS = 1_000_000_000_00


class Choice(str):
    """A choice's label that carries more than its words.

    A hint below it, a divider ("or") above it, `exclusive` for "None of these", and in
    `reveals` the name of a field shown when it is chosen.
    """

    hint: str
    divider: str
    exclusive: bool
    reveals: str

    def __new__(
        cls,
        label: str,
        hint: str = "",
        *,
        divider: str = "",
        exclusive: bool = False,
        reveals: str = "",
    ) -> "Choice":
        self = super().__new__(cls, label)
        self.hint, self.divider, self.exclusive, self.reveals = hint, divider, exclusive, reveals
        return self


def refuse_unprintable(value: str) -> None:
    """Refuse NUL, other control characters and halves of a surrogate pair."""
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\r\n\t" for c in value):
        raise ValidationError(
            "This contains a character that cannot be used. Delete it and type it again",
            code="unprintable",
        )


def subject(field: forms.Field) -> str:
    """How a message speaks of a field at its beginning: "Weekly fee", "Your answer"."""
    label = str(field.label or "Your answer").strip()
    return "Your answer" if label.endswith("?") else label.removesuffix(" (optional)")


def thing(field: forms.Field) -> str:
    """The same inside a sentence: "the weekly fee", "your name", "the URN", "an answer"."""
    name = subject(field)
    if name == "Your answer":
        return "an answer"
    name = name if name[:2].isupper() else name[:1].lower() + name[1:]
    return name if name.partition(" ")[0] in DETERMINERS else f"the {name}"


class TextField(forms.CharField):
    """One line of text, or several with a Textarea, without unprintable characters.

    Browsers send no line break from a box of one line; whatever else sends one means a space.
    """

    def __init__(self, *, max_length: int = 200, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def clean(self, value: Any) -> Any:
        refuse_unprintable(str(value or ""))
        if isinstance(value, str) and not isinstance(self.widget, forms.Textarea):
            value = " ".join(part.strip() for part in value.splitlines())
        return super().clean(value)


class WordsField(TextField):
    """Prose of at most `max_words` words, none of them longer than `longest_word`."""

    def __init__(self, *, max_words: int, longest_word: int = 200, **kwargs: Any) -> None:
        self.max_words, self.longest_word = max_words, longest_word
        kwargs.setdefault("widget", forms.Textarea)
        # A bound on the whole, so that spaces alone cannot fill the database.
        super().__init__(max_length=max_words * 40, **kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        words = str(value or "").split()
        if len(words) > self.max_words:
            message = f"{subject(self)} must be {self.max_words:,} words or fewer"
            raise ValidationError(f"{message}. You have written {len(words):,}", code="max_words")
        if any(len(word) > self.longest_word for word in words):
            raise ValidationError(
                f"{subject(self)} has more than {self.longest_word} characters without a space",
                code="longest_word",
            )


class NumberField(forms.Field):
    """The ground of the number fields: text in ASCII digits to an integer within bounds."""

    widget = forms.TextInput

    def __init__(self, *, least: int = 0, most: int, **kwargs: Any) -> None:
        self.least, self.most = least, most
        super().__init__(**kwargs)

    def read(self, text: str) -> int | None:
        """The number that the text says, or None."""
        raise NotImplementedError

    def show(self, number: int) -> str:
        """The number as a message says it."""
        raise NotImplementedError

    def example(self) -> str:
        """What a message gives as an example."""
        raise NotImplementedError

    def to_python(self, value: Any) -> int | None:
        text = str(value if value is not None else "").strip()
        if not text:
            return None
        number = self.read(text) if len(text) <= LONGEST_NUMBER else None
        if number is None:
            message = self.error_messages.get("invalid")
            raise ValidationError(message or f"{subject(self)} must be {self.example()}", "invalid")
        return number

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if value < self.least:
            words = f"{subject(self)} must be {self.show(self.least)} or more"
            raise ValidationError(self.error_messages.get("least", words), "least")
        if value > self.most:
            words = f"{subject(self)} must be {self.show(self.most)} or less"
            raise ValidationError(self.error_messages.get("most", words), "most")


class WholeNumberField(NumberField):
    """A whole number in figures; thousands may be written with commas."""

    def __init__(self, *, least: int = 0, most: int = 1_000_000_000, **kwargs: Any) -> None:
        super().__init__(least=least, most=most, **kwargs)

    def read(self, text: str) -> int | None:
        return int(text.replace(",", "")) if WHOLE.fullmatch(text) else None

    def show(self, number: int) -> str:
        return f"{number:,}"

    def example(self) -> str:
        return "a whole number in figures, like 12"


class HundredthsField(NumberField):
    """A number with at most two decimal places, to integer hundredths: "7.5" is 750."""

    def __init__(self, *, least: int = 0, most: int = BILLION_POUNDS, **kwargs: Any) -> None:
        super().__init__(least=least, most=most, **kwargs)

    def read(self, text: str) -> int | None:
        found = FIXED.fullmatch(text)
        if not found:
            return None
        whole, part = found.groups()
        return int(whole.replace(",", "")) * 100 + int((part or "").ljust(2, "0"))

    def prepare_value(self, value: Any) -> Any:
        """An integer is hundredths from the database; text is what somebody typed."""
        if not isinstance(value, int) or isinstance(value, bool):
            return value
        whole, part = divmod(value, 100)
        return f"{whole}.{part:02}" if part else str(whole)

    def show(self, number: int) -> str:
        return f"{number // 100:,}" + (f".{number % 100:02}" if number % 100 else "")

    def example(self) -> str:
        return "a number with at most 2 decimal places, like 7 or 7.25"


class MoneyField(HundredthsField):
    """Pounds as typed, "£1,250.50", to integer pence."""

    def read(self, text: str) -> int | None:
        return super().read(text.removeprefix("£").strip())

    def show(self, number: int) -> str:
        return f"£{super().show(number)}"

    def example(self) -> str:
        return "an amount in pounds, like 1250 or 1250.50"


class DateField(forms.MultiValueField):
    """A date in three boxes, with one message that says which box to look at."""

    widget = DateWidget

    def __init__(
        self, *, earliest: dt.date | None = None, latest: dt.date | None = None, **kwargs: Any
    ) -> None:
        self.earliest, self.latest = earliest, latest
        boxes = [forms.CharField(required=False) for _ in PARTS]
        super().__init__(fields=boxes, require_all_fields=False, **kwargs)

    def clean(self, value: Any) -> dt.date | None:
        day, month, year = (str(v or "").strip() for v in (value or ["", "", ""]))
        missing = [part for part, v in zip(PARTS, (day, month, year), strict=True) if not v]
        if len(missing) == len(PARTS):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        if missing:
            words = f"{subject(self)} must include a {' and a '.join(missing)}"
            raise ValidationError(words, code="incomplete", params={"parts": missing})
        date = self._real_date(day, month, year)
        self._check_bounds(date)
        self.run_validators(date)
        return date

    def compress(self, data_list: Any) -> Any:
        raise NotImplementedError("`clean` makes the date")

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = [str(v or "") for v in DateWidget().decompress(initial)]
        return before != [str(v or "").lstrip("0") for v in data or ["", "", ""]]

    def _real_date(self, day: str, month: str, year: str) -> dt.date:
        if not YEAR.fullmatch(year):
            words = f"{subject(self)} must have a year of 4 numbers, like 2014"
            raise ValidationError(words, code="invalid", params={"parts": ["year"]})
        try:
            if not DAY_OR_MONTH.fullmatch(day):
                raise ValueError
            return dt.date(int(year), _month(month), int(day))
        except ValueError:
            words = f"{subject(self)} must be a real date, like 27 3 2014"
            raise ValidationError(words, code="invalid") from None

    def _check_bounds(self, date: dt.date) -> None:
        if self.earliest and date < self.earliest:
            words = f"{subject(self)} must be {_spoken(self.earliest)} or later"
            raise ValidationError(self.error_messages.get("earliest", words), "earliest")
        if self.latest and date > self.latest:
            words = f"{subject(self)} must be {_spoken(self.latest)} or earlier"
            raise ValidationError(self.error_messages.get("latest", words), "latest")


class FilesField(forms.FileField):
    """One or more files, always a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        if isinstance(data, list | tuple) and data:
            return [super(FilesField, self).clean(one, initial) for one in data]
        cleaned = super().clean(data or None, initial)
        return [cleaned] if cleaned else []


def _month(text: str) -> int:
    if DAY_OR_MONTH.fullmatch(text):
        return int(text)
    name = text.lower()
    known = MONTHS if len(name) > 3 else tuple(month[:3] for month in MONTHS)
    return known.index(name) + 1


def _spoken(date: dt.date) -> str:
    return f"{date.day} {date:%B %Y}"
