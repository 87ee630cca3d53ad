"""Applications as providers and the central team see them, and suspensions."""

from django.urls import path

from qualification import urls_asking, urls_costs, urls_market, urls_standing
from qualification.views import (
    agreeing,
    checking,
    clearing,
    deciding,
    declaring,
    evaluators,
    grading,
    joining,
    mine,
    sending,
    suspending,
    work,
    writing,
)

app_name = "qualification"
JOINING = "your-applications/joining/<uuid:joining_id>/"
QUESTION = f"{JOINING}questions/<uuid:question_id>/"
PLACE = "<uuid:establishment_id>/"
ONE = "your-applications/<uuid:application_id>/"
SENT = "applications/<uuid:application_id>/"
TO_GRADE = "applications-to-grade/<uuid:joining_id>/"
GRADED = f"{TO_GRADE}<uuid:answer_id>/"
urlpatterns = [
    # The provider's side of joining
    path("your-applications/", mine.mine, name="mine"),
    path("your-applications/start/", mine.start, name="start"),
    path("your-applications/questions/", clearing.points, name="points"),
    path(JOINING, joining.joining, name="joining"),
    path(f"{JOINING}add/", mine.add, name="add"),
    path(f"{JOINING}exclusion-grounds/", declaring.grounds, name="grounds"),
    path(f"{JOINING}exclusion-grounds/details/", declaring.ground_details, name="ground_details"),
    path(QUESTION, writing.one_answer, name="answer"),
    path(f"{QUESTION}keep/", writing.keep, name="keep"),
    path(f"{QUESTION}differently/", writing.differently, name="differently"),
    path(f"{QUESTION}at/{PLACE}", writing.one_answer, name="answer_at"),
    path(f"{QUESTION}at/{PLACE}keep/", writing.keep, name="keep_at"),
    path(f"{QUESTION}at/{PLACE}as-the-others/", writing.as_the_others, name="as_the_others"),
    path(f"{JOINING}check/", sending.check, name="check"),
    path(f"{JOINING}sent/", sending.sent, name="sent"),
    path(ONE, joining.application, name="application"),
    path(f"{ONE}remove/", joining.remove, name="remove"),
    path(f"{ONE}withdraw/", sending.withdraw, name="withdraw"),
    path(f"{ONE}again/", sending.again, name="again"),
    path(f"{ONE}put-right/", sending.put_right, name="put_right"),
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
    path("applications-to-grade/", grading.waiting, name="grading"),
    path(TO_GRADE, grading.overview, name="grading_one"),
    path(f"{TO_GRADE}hand-in/", grading.hand_in, name="hand_in"),
    path(GRADED, grading.grade, name="grade_statement"),
    path(f"{GRADED}keep/", grading.keep, name="keep_grade"),
    path("your-applications/questions/<uuid:point_id>/", checking.point, name="point"),
    path("directory/<uuid:establishment_id>/suspend/", suspending.suspend, name="suspend"),
    path("suspensions/<uuid:suspension_id>/reinstate/", suspending.reinstate, name="reinstate"),
]
# The market's set-up, and the public pages about joining
urlpatterns += urls_market.urlpatterns
# Core costs and discounts
urlpatterns += urls_costs.urlpatterns
# Questions about joining, and the contract terms
urlpatterns += urls_asking.urlpatterns
# Score reviews and the provider's own standing
urlpatterns += urls_standing.urlpatterns
