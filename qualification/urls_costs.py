"""The addresses of core costs: one establishment's, all of a joining by spreadsheet, discounts."""

from django.urls import path

from qualification.views import cost_sheets, costs, discounts, invitable

ONE = "your-applications/<uuid:application_id>/"
SHEETS = "your-applications/joining/<uuid:joining_id>/core-costs/"
urlpatterns = [
    path(f"{ONE}core-costs/", costs.core_costs, name="core_costs"),
    path(f"{ONE}core-costs/totals/", costs.core_cost_totals, name="core_cost_totals"),
    path(f"{ONE}core-costs/copy/", costs.copy_costs, name="copy_costs"),
    path(f"{ONE}discounts/", discounts.discounts, name="discounts"),
    path(SHEETS, cost_sheets.cost_sheets, name="cost_sheets"),
    path(f"{SHEETS}download/", cost_sheets.download, name="cost_sheets_download"),
    path(f"{SHEETS}save/", cost_sheets.save, name="cost_sheets_save"),
    path("who-can-invite-you/<uuid:establishment_id>/", invitable.who_can_invite, name="invitable"),
]
