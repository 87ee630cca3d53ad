from django.apps import AppConfig

from dps.permissions import Action


class ProvidersConfig(AppConfig):
    name = "providers"
    navigation = [("Directory", "providers:directory", Action.VIEW_DIRECTORY)]
