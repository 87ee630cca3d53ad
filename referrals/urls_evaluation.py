"""The second half of a referral's life: opening, grading, the parent's choice, the award."""

from django.urls import path

from referrals.views import agreeing, awarding, choice, evaluation, grading, opening, parent_link

urlpatterns = [
    path("referrals/<uuid:referral_id>/opening/", opening.opening, name="opening"),
    path("referrals/<uuid:referral_id>/release/", evaluation.release, name="release_grader"),
    path("referrals/<uuid:referral_id>/evaluation/", evaluation.results, name="evaluation"),
    path("referrals/<uuid:referral_id>/rank-again/", evaluation.again, name="rank_again"),
    path("referrals/<uuid:referral_id>/choice/", choice.progress, name="choice_progress"),
    path("referrals/<uuid:referral_id>/choice/offer/", choice.offer, name="offer_choice"),
    path("referrals/<uuid:referral_id>/choice/no-offer/", choice.no_offer, name="not_offer_choice"),
    path("referrals/<uuid:referral_id>/choice/code/", choice.code, name="make_choice_code"),
    path("referrals/<uuid:referral_id>/choice/link/", choice.new_link, name="send_choice_link"),
    path("referrals/<uuid:referral_id>/choice/record/", choice.record, name="record_choice"),
    path("referrals/<uuid:referral_id>/choice/close/", choice.close, name="close_choice"),
    path("referrals/<uuid:referral_id>/award/", awarding.recommend, name="recommend_award"),
    path("referrals/<uuid:referral_id>/award/decide/", awarding.decide, name="decide_award"),
    path("invitations/<uuid:invitation_id>/result/", awarding.result, name="result"),
    path("grading/", grading.waiting, name="grading_list"),
    path("grading/<uuid:referral_id>/", grading.overview, name="grading"),
    path("grading/<uuid:referral_id>/papers/<uuid:bid_id>/", grading.paper, name="grading_paper"),
    path("grading/<uuid:referral_id>/hand-in/", grading.hand_in_grades, name="hand_in"),
    path("grading/<uuid:referral_id>/step-back/", grading.leave, name="step_back"),
    path("grading/<uuid:referral_id>/agree/", agreeing.agree, name="agree"),
    path("grading/<uuid:referral_id>/confirm/", agreeing.confirm, name="confirm_grades"),
    path("choice/", parent_link.enter, name="choice_code"),
    path("choice/text/", parent_link.text_code, name="choice_text"),
    path("choice/compare/", parent_link.compare, name="choice"),
    path("choice/done/", parent_link.done, name="choice_done"),
    path("choice/<str:token>/", parent_link.follow, name="choice_link"),
]
