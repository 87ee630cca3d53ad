"""The addresses of score reviews and of a provider's own standing."""

from django.urls import path

from qualification.views import reviewing, standing

REVIEW = "score-reviews/<uuid:review_id>/"
OWN = "your-standing/reviews/<uuid:review_id>/"
urlpatterns = [
    path("score-reviews/", reviewing.score_reviews, name="score_reviews"),
    path("score-reviews/how-often/", reviewing.review_rules, name="review_rules"),
    path("score-reviews/how-often/new/", reviewing.new_review_rule, name="new_review_rule"),
    path(
        "score-reviews/of/<uuid:qualification_id>/propose/",
        reviewing.propose,
        name="propose_review",
    ),
    path(REVIEW, reviewing.score_review, name="score_review"),
    path(f"{REVIEW}decide/", reviewing.decide, name="decide_review"),
    path("your-standing/", standing.overview, name="standing"),
    path("your-standing/<uuid:establishment_id>/", standing.of_establishment, name="standing_of"),
    path(OWN, standing.own_review, name="own_review"),
    path(f"{OWN}reply/", standing.reply, name="reply_to_review"),
    path(
        "your-standing/suspensions/<uuid:suspension_id>/put-right/",
        standing.put_right,
        name="put_suspension_right",
    ),
]
