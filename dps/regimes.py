"""
The legal regimes as data: what each allows and forbids, its time limits and its notices.

These are the published rules as they stood when shipped (rules.md 1 and 2, BC 3.1-3.4). A market
pins its regime by key; a changed law is a new regime here, never an edit of an old one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from dps.clock import show_date
from dps.refusals import Refusal

ACT_2023_COMMENCED = date(2025, 2, 24)
SAVED_DPS_ENDS_BY = date(2029, 2, 23)


class ForbiddenByRegime(Refusal):
    message = "The law under which this market runs does not allow this"


class NotUnderThisRegime(ForbiddenByRegime):
    message = "This market cannot run under that legal regime on these dates"


class RegimeKey(StrEnum):
    PCR_2015_DPS = "pcr_2015_dps"
    PA_2023_DYNAMIC_MARKET = "pa_2023_dynamic_market"
    PA_2023_OPEN_FRAMEWORK = "pa_2023_open_framework"
    PA_2023_USER_CHOICE = "pa_2023_user_choice"
    BELOW_THRESHOLD = "below_threshold"


class Act(StrEnum):
    """What a regime may forbid."""

    RUN_MINI_COMPETITION = "run_mini_competition"
    CALL_OFF_WITHOUT_TENDER_NOTICE = "call_off_without_tender_notice"
    RUN_EMERGENCY_REFERRAL = "run_emergency_referral"
    MAKE_DIRECT_AWARD = "make_direct_award"
    CLOSE_ENTRY = "close_entry"
    CAP_MEMBERS = "cap_members"
    CHANGE_ENTRY_CONDITIONS = "change_entry_conditions"
    RESCORE_MEMBERS = "rescore_members"
    CHARGE_PROVIDERS = "charge_providers"
    PUBLISH_AWARDS_BY_QUARTER = "publish_awards_by_quarter"


class Counted(StrEnum):
    """How days are counted."""

    CALENDAR = "calendar days"
    WORKING = "working days"


@dataclass(frozen=True, slots=True)
class Days:
    """A time limit; ``most`` is how far it may be stretched, where it may."""

    number: int
    counted: Counted = Counted.CALENDAR
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice that a regime wants: its code, its name, what it follows, and within how long."""

    code: str
    name: str
    when: str
    within: Days | None = None

    @property
    def words(self) -> str:
        """Its name, and the number by which the Procurement Act's notices are known."""
        return f"{self.name} ({self.code})" if self.code.startswith("UK") else self.name


@dataclass(frozen=True, slots=True)
class Regime:
    """One legal regime; ``forbidden`` says why, in the words that a person reads."""

    key: RegimeKey
    name: str
    forbidden: Mapping[Act, str]
    notices: tuple[Notice, ...] = ()
    established_from: date | None = None
    established_before: date | None = None
    ends_by: date | None = None
    minimum_tender: Days | None = None
    tender_may_be_shorter_by_agreement: bool = False
    decide_application: Days | None = None
    # None means that the law asks for no standstill; one may still be kept by choice.
    mandatory_standstill: Days | None = None
    voluntary_standstill: Days | None = None
    # What has to be published when a market's terms change, and when it ends before its time.
    notice_of_change: Notice | None = None
    notice_of_end: Notice | None = None
    uncertain: tuple[str, ...] = ()

    def allows(self, act: Act) -> bool:
        """Whether the act is not forbidden."""
        return act not in self.forbidden


_AWARD = Notice("UK6", "Contract award notice", "before entering into the contract")
_DETAILS = Notice("UK7", "Contract details notice", "after signing", Days(120))
_TERMINATED = Notice("UK12", "Procurement termination notice", "when no award is made")
_MODIFIED = Notice("UK15", "Dynamic market modification notice", "when the market changes")
_CEASED = Notice("UK16", "Dynamic market cessation notice", "when the market ends")
_NO_MEMBERS = "There is no list of members under this regime"
_WORKING_8 = Days(8, Counted.WORKING)

PCR_2015_DPS = Regime(
    key=RegimeKey.PCR_2015_DPS,
    name="Dynamic purchasing system (Public Contracts Regulations 2015)",
    established_before=ACT_2023_COMMENCED,
    ends_by=SAVED_DPS_ENDS_BY,
    minimum_tender=Days(10),
    tender_may_be_shorter_by_agreement=True,
    decide_application=Days(10, Counted.WORKING, most=15),
    voluntary_standstill=Days(10),
    notice_of_change=Notice(
        "contract-notice", "Contract notice with the changed terms", "when its terms change"
    ),
    notice_of_end=Notice("award", "Contract award notice that ends the system", "when it ends"),
    notices=(
        Notice("award", "Contract award notice", "after the quarter's end", Days(30)),
        Notice("contracts-finder", "Contracts Finder award", "after the award", Days(90)),
    ),
    forbidden=MappingProxyType(
        {
            Act.RUN_EMERGENCY_REFERRAL: (
                "Providers have at least 10 days to bid, unless all those invited agree to less"
            ),
            Act.CLOSE_ENTRY: "The system stays open to new providers as long as it lasts",
            Act.CAP_MEMBERS: "Every provider that meets the conditions must be admitted",
            Act.CHANGE_ENTRY_CONDITIONS: (
                "New providers join on the conditions first published; others need a new market"
            ),
            Act.CHARGE_PROVIDERS: "Providers may not be charged to join or to bid",
        }
    ),
)

PA_2023_DYNAMIC_MARKET = Regime(
    key=RegimeKey.PA_2023_DYNAMIC_MARKET,
    name="Dynamic market (Procurement Act 2023)",
    established_from=ACT_2023_COMMENCED,
    voluntary_standstill=_WORKING_8,
    notice_of_change=_MODIFIED,
    notice_of_end=_CEASED,
    notices=(
        Notice("UK13", "Dynamic market intention notice", "before the market is set up"),
        Notice("UK14", "Dynamic market establishment notice", "when the market is set up"),
        _MODIFIED,
        _CEASED,
        Notice("UK4", "Tender notice", "at the issue of each referral above the threshold"),
        _AWARD,
        _DETAILS,
        _TERMINATED,
    ),
    forbidden=MappingProxyType(
        {
            Act.CALL_OFF_WITHOUT_TENDER_NOTICE: (
                "Above the threshold, each referral in a dynamic market needs a tender notice (UK4)"
            ),
            Act.MAKE_DIRECT_AWARD: (
                "A dynamic market allows no direct award; one can be made only on its own grounds,"
                " such as the person's own choice"
            ),
            Act.CLOSE_ENTRY: "Providers may apply to a dynamic market at any time",
            Act.CAP_MEMBERS: "A dynamic market may not limit the number of its members",
            Act.CHANGE_ENTRY_CONDITIONS: (
                "The conditions of a dynamic market cannot change while it lasts;"
                " other conditions need a new market"
            ),
            Act.PUBLISH_AWARDS_BY_QUARTER: (
                "Each award needs its own notice (UK6) before the contract is entered into"
            ),
        }
    ),
)

PA_2023_OPEN_FRAMEWORK = Regime(
    key=RegimeKey.PA_2023_OPEN_FRAMEWORK,
    name="Open framework, light touch (Procurement Act 2023)",
    established_from=ACT_2023_COMMENCED,
    voluntary_standstill=_WORKING_8,
    notices=(
        Notice("UK4", "Tender notice", "to set the framework up, and at each re-opening"),
        _AWARD,
        _DETAILS,
        _TERMINATED,
    ),
    forbidden=MappingProxyType(
        {
            Act.CHANGE_ENTRY_CONDITIONS: (
                "Each re-opening is on substantially the same terms; others need a new framework"
            ),
            Act.PUBLISH_AWARDS_BY_QUARTER: (
                "Each award needs its own notice (UK6) before the contract is entered into"
            ),
        }
    ),
    uncertain=("A direct award within the framework needs the framework's own terms to allow it",),
)

PA_2023_USER_CHOICE = Regime(
    key=RegimeKey.PA_2023_USER_CHOICE,
    name="User choice direct award (Procurement Act 2023, Schedule 5)",
    established_from=ACT_2023_COMMENCED,
    forbidden=MappingProxyType(
        {
            Act.RUN_MINI_COMPETITION: (
                "A user choice award is made without competition, because competing would not be"
                " in the person's best interests"
            ),
            Act.CLOSE_ENTRY: _NO_MEMBERS,
            Act.CAP_MEMBERS: _NO_MEMBERS,
            Act.CHANGE_ENTRY_CONDITIONS: _NO_MEMBERS,
            Act.RESCORE_MEMBERS: _NO_MEMBERS,
            Act.CHARGE_PROVIDERS: _NO_MEMBERS,
            Act.PUBLISH_AWARDS_BY_QUARTER: "A user choice award needs no notice",
        }
    ),
    uncertain=("Whether a contract details notice (UK7) is wanted after a user choice award",),
)

BELOW_THRESHOLD = Regime(
    key=RegimeKey.BELOW_THRESHOLD,
    name="Below the threshold",
    forbidden=MappingProxyType({}),
    uncertain=(
        "Ask a lawyer whether only a market's members may be invited below it (section 85)",
    ),
)

REGIMES: Mapping[RegimeKey, Regime] = MappingProxyType(
    {
        regime.key: regime
        for regime in (
            PCR_2015_DPS,
            PA_2023_DYNAMIC_MARKET,
            PA_2023_OPEN_FRAMEWORK,
            PA_2023_USER_CHOICE,
            BELOW_THRESHOLD,
        )
    }
)


@dataclass(frozen=True, slots=True)
class Threshold:
    """A value in pence, VAT included, from which the full rules apply, and since when."""

    pence: int
    in_force_from: date


LIGHT_TOUCH_THRESHOLDS = (
    Threshold(663_540_00, ACT_2023_COMMENCED),
    Threshold(663_540_00, date(2026, 1, 1)),
)


def light_touch_threshold(on: date) -> int:
    """
    The light-touch threshold on a date, in pence with VAT.

    :raises NotUnderThisRegime: the date is before the first threshold known here.
    """
    in_force = [each for each in LIGHT_TOUCH_THRESHOLDS if each.in_force_from <= on]
    if not in_force:
        raise NotUnderThisRegime("No light-touch threshold is known for that date")
    return max(in_force, key=lambda each: each.in_force_from).pence


def is_below_threshold(pence: int, on: date) -> bool:
    """Whether a contract of that value in pence, VAT included, is below the light-touch one."""
    return pence < light_touch_threshold(on)


def refuse_unless_allowed(regime: Regime, act: Act) -> None:
    """
    Let the act pass, or say why the regime forbids it.

    :raises ForbiddenByRegime: it does.
    """
    if act in regime.forbidden:
        raise ForbiddenByRegime(regime.forbidden[act])


def refuse_unless_in_time(regime: Regime, *, established: date, ends: date | None) -> None:
    """
    Let a market of these dates run under the regime, or say why not (rules.md 1).

    :raises NotUnderThisRegime: it was established outside the regime's time, or runs on past it.
    """
    before, since = regime.established_before, regime.established_from
    if before and established >= before:
        raise NotUnderThisRegime(f"{regime.name}: only if set up before {show_date(before)}")
    if since and established < since:
        raise NotUnderThisRegime(f"{regime.name}: only if set up on or after {show_date(since)}")
    if regime.ends_by and (ends is None or ends > regime.ends_by):
        raise NotUnderThisRegime(f"{regime.name}: it must end by {show_date(regime.ends_by)}")
