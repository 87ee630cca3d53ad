"""Every address of this app."""

from django.urls import include, path

from contracts.api import publications as api
from contracts.views import agreements, caps, publications

app_name = "contracts"

AGREEMENT = [
    path("", agreements.agreement, name="agreement"),
    path("sign-for-council/", agreements.sign_for_council, name="sign_for_council"),
    path("sign-for-provider/", agreements.sign_for_provider, name="sign_for_provider"),
]
API = [
    path("", api.publication_list, name="publication_list"),
    path("<str:quarter>/", api.publication, name="publication"),
    path("<str:quarter>/package.json", api.publication_package, name="publication_package"),
    path("<str:quarter>/awards.csv", api.publication_table, name="publication_table"),
]
urlpatterns = [
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/<int:authority_id>/<uuid:agreement_id>/", include(AGREEMENT)),
    path("published-awards/", publications.published, name="published"),
    path(
        "published-awards/<str:quarter>/",
        publications.published_quarter,
        name="published_quarter",
    ),
    path("api/v1/publications/", include(API)),
    path("caps/", caps.cap_list, name="caps"),
    path("caps/new/", caps.new_cap, name="new_cap"),
    path("caps/<uuid:cap_id>/lift/", caps.lift, name="lift_cap"),
    path("", include("contracts.urls_central")),
]
