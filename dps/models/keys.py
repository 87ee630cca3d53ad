"""Keys: one per authority under the deployment's key, one per child under the authority's."""

from django.db import models

from dps.tenancy.models import TenantModel


class AuthorityKey(TenantModel):
    """An authority's data key, wrapped by the deployment's key."""

    wrapped = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority"], name="authority_one_key")]


class ChildKey(TenantModel):
    """One child's data key, wrapped by the authority's. Destroying it erases the child."""

    wrapped = models.BinaryField()
    created_at = models.DateTimeField()
