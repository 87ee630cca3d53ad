"""Every address of this app."""

from django.urls import path

from contracts.views import agreements

app_name = "contracts"
ONE = "agreements/<int:authority_id>/<uuid:agreement_id>/"
urlpatterns = [
    path("agreements/", agreements.agreements, name="agreements"),
    path(ONE, agreements.agreement, name="agreement"),
    path(f"{ONE}sign-for-council/", agreements.sign_for_council, name="sign_for_council"),
    path(f"{ONE}sign-for-provider/", agreements.sign_for_provider, name="sign_for_provider"),
]
