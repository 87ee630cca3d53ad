from django.apps import AppConfig

from dps.permissions import Action


class QualificationConfig(AppConfig):
    name = "qualification"
    navigation = [
        ("Your applications", "qualification:mine", Action.PREPARE_APPLICATION),
        ("Your standing", "qualification:standing", Action.VIEW_STANDING),
        ("Applications", "qualification:queue", Action.VIEW_APPLICATIONS),
        ("Applications to grade", "qualification:grading", Action.GRADE_APPLICATION),
        ("Market", "qualification:markets", Action.VIEW_MARKET),
        ("How to join", "qualification:how_to_join", None),
    ]
