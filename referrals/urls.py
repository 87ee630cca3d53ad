"""Referrals from the draft to the sealed bid; the rest of their life has a file of its own."""

from django.urls import include, path

from referrals.views import bids, invitations, reach, referrals, tasks

app_name = "referrals"

DRAFT = [
    path("", tasks.task_list, name="tasks"),
    path("child/", tasks.child, name="task_child"),
    path("family/", tasks.family, name="task_family"),
    path("needs/", tasks.needs, name="task_needs"),
    path("features/", tasks.features, name="task_features"),
    path("outcomes/", tasks.outcomes, name="task_outcomes"),
    path("placement/", tasks.placement, name="task_placement"),
    path("weights/", tasks.weights, name="task_weights"),
    path("limit/", tasks.limit, name="task_limit"),
    path("deadline/", tasks.deadline, name="task_deadline"),
    path("check/", tasks.check, name="check"),
]
BID = [
    path("", bids.bid, name="bid"),
    path("cost/", bids.cost, name="bid_cost"),
    path("autosave/", bids.autosave, name="bid_autosave"),
    path("check/", bids.check, name="bid_check"),
    path("withdraw/", bids.withdraw, name="bid_withdraw"),
]
RECEIPT = [
    path("", bids.receipt, name="receipt"),
    path("receipt.json", bids.receipt_file, name="receipt_file"),
]

urlpatterns = [
    path("referrals/", referrals.referral_list, name="list"),
    path("referrals.csv", referrals.referral_csv, name="list_csv"),
    path("referrals.xlsx", referrals.referral_xlsx, name="list_xlsx"),
    path("referrals/new/", referrals.new, name="new"),
    path("referrals/<uuid:referral_id>/", referrals.detail, name="detail"),
    path("referrals/<uuid:referral_id>/tasks/", include(DRAFT)),
    path("referrals/<uuid:referral_id>/reach/", reach.reach, name="reach"),
    path("referrals/<uuid:referral_id>/child/", referrals.child, name="child"),
    path("referrals/<uuid:referral_id>/withdraw/", referrals.withdraw, name="withdraw"),
    path("invitations/", invitations.invitation_list, name="invitations"),
    path("invitations/<uuid:invitation_id>/", invitations.invitation, name="invitation"),
    path(
        "invitations/<uuid:invitation_id>/decline/", invitations.decline_invitation, name="decline"
    ),
    path("invitations/<uuid:invitation_id>/take-back/", invitations.take_back, name="take_back"),
    path("invitations/<uuid:invitation_id>/bid/", include(BID)),
    path("invitations/<uuid:invitation_id>/receipts/<int:revision>/", include(RECEIPT)),
    path("", include("referrals.urls_evaluation")),
]
