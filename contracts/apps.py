from django.apps import AppConfig

from dps.permissions import Action


class ContractsConfig(AppConfig):
    name = "contracts"
    navigation = [
        ("Agreements", "contracts:agreements", Action.VIEW_AGREEMENTS),
        ("Master log", "contracts:master_log", Action.VIEW_MASTER_LOG),
        ("Compliance", "contracts:compliance", Action.VIEW_COMPLIANCE),
        ("Awards", "contracts:regional_awards", Action.VIEW_REGIONAL_AWARDS),
        ("Published awards", "contracts:published", Action.USE_SERVICE),
        ("Published awards", "contracts:published", None),
    ]
