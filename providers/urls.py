"""The directory, registration, claims, and what a provider says of its establishments."""

from django.urls import path

from providers.views import claims, directory, own, registering

app_name = "providers"
urlpatterns = [
    path("directory/", directory.listing, name="directory"),
    path("directory.csv", directory.listing_csv, name="directory_csv"),
    path("directory.xlsx", directory.listing_xlsx, name="directory_xlsx"),
    path("directory/<uuid:establishment_id>/", directory.establishment, name="establishment"),
    path("register-as-a-provider/", registering.register, name="register"),
    path("register-as-a-provider/done/", registering.registered, name="registered"),
    path("your-establishments/", own.mine, name="mine"),
    path("your-establishments/claim/", own.claim_search, name="claim_search"),
    path("your-establishments/claim/<uuid:establishment_id>/", own.claim, name="claim"),
    path(
        "your-establishments/<uuid:establishment_id>/certificates/", own.evidence, name="evidence"
    ),
    path(
        "your-establishments/<uuid:establishment_id>/certificates/add/",
        own.add_evidence,
        name="add_evidence",
    ),
    path("your-establishments/<uuid:establishment_id>/places/", own.places, name="places"),
    path("claims/", claims.queue, name="claims"),
    path("claims/<uuid:claim_id>/", claims.decide, name="decide_claim"),
]
