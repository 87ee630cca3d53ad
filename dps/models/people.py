"""People, the accounts they sign in with, and the capacities in which they act."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from dps.tenancy.models import IdentifiedModel


class Person(IdentifiedModel):
    """A name that the rest of the system points to. How they sign in is kept apart, in Account."""

    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "Account":
        account = self.model(email=self.normalize_email(email), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(email__iexact=username)


class Account(AbstractBaseUser, IdentifiedModel):
    """What a person signs in with. Only the bare login role reads this table whole."""

    email = models.EmailField(max_length=254, unique=True)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="+")
    is_active = models.BooleanField(default=True)
    is_staff = False
    is_superuser = False

    objects = AccountManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="account_email_once")]

    def __str__(self) -> str:
        return self.email


class Membership(IdentifiedModel):
    """A person's roles in one authority or one provider. A person acts in one at a time."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    authority = models.ForeignKey(
        "dps.Authority", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The provider's table belongs to a higher app, whose first migration adds the foreign key.
    provider_id = models.UUIDField(null=True, blank=True)
    is_central = models.BooleanField(default=False)
    roles = ArrayField(models.CharField(max_length=30))
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="membership_of_an_authority_or_a_provider",
                condition=Q(authority__isnull=False, provider_id__isnull=True)
                | Q(authority__isnull=True, provider_id__isnull=False),
            ),
            models.CheckConstraint(name="membership_has_a_role", condition=Q(roles__len__gt=0)),
            models.UniqueConstraint(
                fields=["person", "authority", "is_central"],
                name="membership_once_an_authority",
                condition=Q(authority__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["person", "provider_id"],
                name="membership_once_a_provider",
                condition=Q(provider_id__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["provider_id"], name="membership_provider")]


class JoiningLink(IdentifiedModel):
    """Asks somebody to join an organisation: the hash of a secret that was emailed to them."""

    name = models.CharField(max_length=120)
    email = models.EmailField(max_length=254)
    """In small letters."""
    authority = models.ForeignKey(
        "dps.Authority", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The provider's table belongs to a higher app.
    provider_id = models.UUIDField(null=True, blank=True)
    is_central = models.BooleanField(default=False)
    roles = ArrayField(models.CharField(max_length=30))
    invited_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    token_hash = models.CharField(max_length=64, blank=True)
    """Empty until it is sent."""
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    """Cancelled, or replaced by a newer one."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="joining_link_of_an_authority_or_a_provider",
                condition=Q(authority__isnull=False, provider_id__isnull=True)
                | Q(authority__isnull=True, provider_id__isnull=False),
            ),
            models.CheckConstraint(name="joining_link_has_a_role", condition=Q(roles__len__gt=0)),
            models.UniqueConstraint(
                fields=["token_hash"], name="joining_link_once", condition=~Q(token_hash="")
            ),
            models.UniqueConstraint(
                fields=["email", "authority", "provider_id", "is_central"],
                name="joining_link_one_waits",
                condition=Q(used_at__isnull=True, ended_at__isnull=True),
                nulls_distinct=False,
            ),
        ]
