"""The regional directory, shared by all: organisations, their establishments, inspections."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q

from dps.grid import GridPoint
from dps.tenancy.models import IdentifiedModel


class PointField(models.Field):
    """A core Postgres point of National Grid metres. Made by the database, never written."""

    def db_type(self, connection: object) -> str:  # noqa: ARG002 -- Django's signature
        return "point"


@PointField.register_lookup
class Inside(models.Lookup):
    """`point__inside=(west, south, east, north)`: in a box of metres, by the GiST index."""

    lookup_name = "inside"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        point, params = self.process_lhs(compiler, connection)
        west, south, east, north = self.rhs
        box = f"{point} <@ box(point(%s, %s), point(%s, %s))"
        return box, [*params, west, south, east, north]


class Provider(IdentifiedModel):
    """The organisation that runs establishments."""

    name = models.CharField(max_length=160, unique=True)
    company_number = models.CharField(max_length=12, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=30, blank=True)
    is_invented = models.BooleanField(default=False)
    registered_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["company_number"],
                condition=~Q(company_number=""),
                name="provider_company_number_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Establishment(IdentifiedModel):
    """One school, home, agency branch or setting: qualified, invited and awarded each by itself."""

    class Kind(models.TextChoices):
        INDEPENDENT_SPECIAL = "independent_special", "Independent special school"
        NON_MAINTAINED_SPECIAL = "non_maintained_special", "Non-maintained special school"
        SPECIAL_POST_16 = "special_post_16", "Special post-16 institution"
        ALTERNATIVE_PROVISION = "alternative_provision", "Alternative provision"
        CHILDRENS_HOME = "childrens_home", "Children’s home"
        FOSTERING_AGENCY = "fostering_agency", "Independent fostering agency"

    class PlacedBy(models.TextChoices):
        REGISTER = "register", "the register’s own coordinates"
        POSTCODE_TABLE = "postcode_table", "the postcode table"
        OUTWARD_CODE = "outward_code", "the first half of the postcode"

    provider = models.ForeignKey(
        Provider, on_delete=models.PROTECT, null=True, blank=True, related_name="establishments"
    )
    # Null, not empty, where there is none: the register's number is unique.
    urn = models.CharField(max_length=10, null=True, blank=True)  # noqa: DJ001
    ukprn = models.CharField(max_length=10, blank=True)
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=24, choices=Kind)
    is_open = models.BooleanField(default=True)
    is_procured = models.BooleanField(default=True)
    """False for state-funded settings, which no council buys from through a market."""
    is_invented = models.BooleanField(default=False)
    street = models.CharField(max_length=120, blank=True)
    locality = models.CharField(max_length=120, blank=True)
    town = models.CharField(max_length=80, blank=True)
    county = models.CharField(max_length=80, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    la_name = models.CharField(max_length=60, blank=True)
    region_name = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    website = models.CharField(max_length=200, blank=True)
    low_age = models.PositiveSmallIntegerField(null=True, blank=True)
    high_age = models.PositiveSmallIntegerField(null=True, blank=True)
    gender = models.CharField(max_length=20, blank=True)
    boarders = models.CharField(max_length=60, blank=True)
    opened_on = models.DateField(null=True, blank=True)
    needs = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    places = models.PositiveSmallIntegerField(null=True, blank=True)
    vacancies = models.PositiveSmallIntegerField(null=True, blank=True)
    places_said_at = models.DateTimeField(null=True, blank=True)
    easting = models.IntegerField(null=True, blank=True)
    northing = models.IntegerField(null=True, blank=True)
    placed_by = models.CharField(max_length=16, choices=PlacedBy, blank=True)
    placed_edition = models.CharField(max_length=40, blank=True)
    point = models.GeneratedField(
        expression=Func(F("easting"), F("northing"), function="point"),
        output_field=PointField(),
        db_persist=True,
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["urn"], name="establishment_urn_once"),
            models.CheckConstraint(
                condition=Q(vacancies__isnull=True)
                | Q(places__isnull=True)
                | Q(vacancies__lte=F("places")),
                name="establishment_vacancies_at_most_places",
            ),
            models.CheckConstraint(
                condition=Q(easting__isnull=True, northing__isnull=True)
                | Q(easting__isnull=False, northing__isnull=False),
                name="establishment_placed_wholly_or_not",
            ),
            models.CheckConstraint(
                condition=Q(low_age__isnull=True)
                | Q(high_age__isnull=True)
                | Q(low_age__lte=F("high_age")),
                name="establishment_ages_in_order",
            ),
        ]
        indexes = [
            GistIndex(fields=["point"], name="establishment_point"),
            models.Index(fields=["provider"], name="establishment_provider"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def grid_point(self) -> GridPoint | None:
        """Where it is, in whole metres; None if it could not be placed."""
        if self.easting is None or self.northing is None:
            return None
        return GridPoint(self.easting, self.northing)


class Inspection(IdentifiedModel):
    """One published judgement, in the scheme of its own inspector (rules 4)."""

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="inspections"
    )
    inspector = models.CharField(max_length=20)
    scale = models.CharField(max_length=40)
    result = models.CharField(max_length=60)
    inspected_on = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-inspected_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["establishment", "inspector", "inspected_on"], name="inspection_once_a_day"
            )
        ]
