"""The directory, registration, claims, and what a provider says of its establishments."""

from django.urls import path

from providers.views import additions, claims, directory, evidence, own, registering

app_name = "providers"
urlpatterns = [
    path("directory/", directory.listing, name="directory"),
    path("directory.csv", directory.listing_csv, name="directory_csv"),
    path("directory.xlsx", directory.listing_xlsx, name="directory_xlsx"),
    path("directory/<uuid:establishment_id>/", directory.establishment, name="establishment"),
    path("register-as-a-provider/", registering.register, name="register"),
    path("register-as-a-provider/done/", registering.registered, name="registered"),
    path("your-establishments/", own.mine, name="mine"),
    path("your-establishments/add/", additions.add, name="add_establishment"),
    path("your-establishments/claim/", own.claim_search, name="claim_search"),
    path("your-establishments/claim/<uuid:establishment_id>/", own.claim, name="claim"),
    path(
        "your-establishments/<uuid:establishment_id>/certificates/",
        evidence.evidence,
        name="evidence",
    ),
    path("your-establishments/<uuid:establishment_id>/places/", own.places, name="places"),
    path("your-evidence/", evidence.vault, name="vault"),
    path("your-evidence/add/", evidence.choose_kind, name="choose_kind"),
    # Only addresses that end in upload/ take large bodies: see dps/edge.py.
    path("your-evidence/add/<slug:kind>/upload/", evidence.add_evidence, name="add_evidence"),
    path("your-evidence/<uuid:evidence_id>/", evidence.evidence_detail, name="evidence_detail"),
    path(
        "your-evidence/<uuid:evidence_id>/replace/upload/",
        evidence.replace_evidence,
        name="replace_evidence",
    ),
    path(
        "your-evidence/<uuid:evidence_id>/take-back/",
        evidence.withdraw_evidence,
        name="withdraw_evidence",
    ),
    path("claims/", claims.queue, name="claims"),
    path("claims/to-add/<uuid:addition_id>/", additions.decide, name="decide_addition"),
    path("claims/<uuid:claim_id>/", claims.decide, name="decide_claim"),
]
