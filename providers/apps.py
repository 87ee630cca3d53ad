from collections.abc import Iterable
from uuid import UUID

from django.apps import AppConfig

from dps.permissions import Action


class ProvidersConfig(AppConfig):
    name = "providers"
    navigation = [
        ("Directory", "providers:directory", Action.VIEW_DIRECTORY),
        ("Your establishments", "providers:mine", Action.MANAGE_ESTABLISHMENTS),
        ("Certificates", "providers:vault", Action.MANAGE_ESTABLISHMENTS),
        ("Claims", "providers:claims", Action.DECIDE_CLAIM),
        ("Register as a provider", "providers:register", None),
    ]

    def organisation_names(self, ids: Iterable[UUID]) -> dict[UUID, str]:
        """The kernel knows memberships by the provider's id alone; pages say its name."""
        from providers.models import Provider  # noqa: PLC0415 -- models exist when pages ask

        return dict(Provider.objects.filter(pk__in=list(ids)).values_list("pk", "name"))
