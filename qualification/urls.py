"""Applications as providers and the central team see them, and suspensions."""

from django.urls import path

from qualification.views import (
    agreeing,
    checking,
    deciding,
    evaluators,
    grading,
    mine,
    sending,
    suspending,
    work,
    writing,
)

app_name = "qualification"
ONE = "your-applications/<uuid:application_id>/"
SENT = "applications/<uuid:application_id>/"
GRADED = "grading/<uuid:joining_id>/<uuid:answer_id>/"
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
    # Evaluation and decision
    path("applications/", work.queue, name="queue"),
    path("applications/decided/", work.decided, name="decided"),
    path("applications/of/<uuid:joining_id>/", work.joining, name="joining_work"),
    path("applications/of/<uuid:joining_id>/step/", work.step, name="step"),
    path("applications/of/<uuid:joining_id>/evaluators/", evaluators.ask, name="ask_evaluators"),
    path("applications/of/<uuid:joining_id>/decide/", deciding.together, name="decide_together"),
    path("evaluators/<uuid:evaluator_id>/release/", evaluators.release, name="release_evaluator"),
    path("statements/<uuid:answer_id>/", agreeing.agreed, name="agree"),
    path("statements/<uuid:answer_id>/young-people/", agreeing.panel, name="panel"),
    path(SENT, deciding.review, name="review"),
    path(f"{SENT}checks/", checking.checks, name="checks"),
    path(f"{SENT}checks/<slug:code>/", checking.check_one, name="check_one"),
    path(f"{SENT}checks/<slug:code>/clear/", checking.clear, name="clear"),
    path(f"{SENT}pass/", checking.pass_on, name="pass_stage_one"),
    path(f"{SENT}grading-again/", agreeing.reopen, name="reopen"),
    path(f"{SENT}decision/", deciding.decision, name="decision"),
    path("grading/", grading.waiting, name="grading"),
    path("grading/<uuid:joining_id>/", grading.overview, name="grading_one"),
    path("grading/<uuid:joining_id>/hand-in/", grading.hand_in, name="hand_in"),
    path(GRADED, grading.grade, name="grade_statement"),
    path(f"{GRADED}keep/", grading.keep, name="keep_grade"),
    path("your-applications/questions/<uuid:point_id>/", checking.point, name="point"),
    path("directory/<uuid:establishment_id>/suspend/", suspending.suspend, name="suspend"),
    path("suspensions/<uuid:suspension_id>/reinstate/", suspending.reinstate, name="reinstate"),
]
