"""Applications as providers and the central team see them, and suspensions."""

from django.urls import path

from qualification.views import deciding, mine, sending, suspending, writing

app_name = "qualification"
ONE = "your-applications/<uuid:application_id>/"
SENT = "applications/<uuid:application_id>/"
urlpatterns = [
    path("your-applications/", mine.mine, name="mine"),
    path("your-applications/start/", mine.start, name="start"),
    path(ONE, writing.application, name="application"),
    path(f"{ONE}questions/<uuid:criterion_id>/", writing.one_answer, name="answer"),
    path(f"{ONE}questions/<uuid:criterion_id>/keep/", writing.keep, name="keep"),
    path(f"{ONE}core-costs/", writing.core_costs, name="core_costs"),
    path(f"{ONE}core-costs/totals/", writing.core_cost_totals, name="core_cost_totals"),
    path(f"{ONE}check/", sending.check, name="check"),
    path(f"{ONE}send/", sending.submit, name="submit"),
    path(f"{ONE}sent/", sending.sent, name="sent"),
    path(f"{ONE}withdraw/", sending.withdraw, name="withdraw"),
    path(f"{ONE}again/", sending.again, name="again"),
    path(f"{ONE}outcome/", sending.outcome, name="outcome"),
    path("applications/", deciding.queue, name="queue"),
    path(SENT, deciding.review, name="review"),
    path(f"{SENT}statements/<uuid:answer_id>/", deciding.grade, name="grade"),
    path(f"{SENT}decision/", deciding.decision, name="decision"),
    path("directory/<uuid:establishment_id>/suspend/", suspending.suspend, name="suspend"),
    path("suspensions/<uuid:suspension_id>/reinstate/", suspending.reinstate, name="reinstate"),
]
