from django.apps import AppConfig

from dps.permissions import Action


class ReferralsConfig(AppConfig):
    name = "referrals"
    navigation = [
        ("Referrals", "referrals:list", Action.VIEW_REFERRALS),
        ("Invitations", "referrals:invitations", Action.VIEW_INVITATIONS),
        ("Grading", "referrals:grading_list", Action.GRADE_BIDS),
    ]
