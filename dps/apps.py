from django.apps import AppConfig
from django.db.models.signals import post_migrate

from dps.permissions import Action


class DpsConfig(AppConfig):
    name = "dps"
    verbose_name = "Dynamic Purchasing System"
    default_auto_field = "django.db.models.BigAutoField"
    navigation = [("People", "people", Action.MANAGE_PEOPLE)]

    def ready(self) -> None:
        # Registers the checks; models exist now.
        from dps.documents import checks as _  # noqa: F401, PLC0415
        from dps.tenancy import checks  # noqa: F401, PLC0415
        from dps.tenancy.policies import rebuild_after_migrate  # noqa: PLC0415

        post_migrate.connect(rebuild_after_migrate, dispatch_uid="dps.tenancy.policies")
