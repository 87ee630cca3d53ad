"""The addresses of the market's set-up, and of what everybody may read about joining."""

from django.urls import path

from qualification.views import inspection_rules, markets, public, rule_questions, rule_sets

MARKET = "market/<slug:market_code>/"
VERSION = "rules/versions/<uuid:rule_set_id>/"
QUESTION = "rules/questions/<uuid:criterion_id>/"
urlpatterns = [
    path("how-to-join/", public.how_to_join, name="how_to_join"),
    path("how-to-join/<slug:category_code>/", public.criteria, name="criteria"),
    path("what-passes-an-inspection/", public.what_passes, name="what_passes"),
    path("market/", markets.market_list, name="markets"),
    path(MARKET, markets.market, name="market"),
    path(f"{MARKET}extend/", markets.extend, name="change_extend"),
    path(f"{MARKET}shorten/", markets.shorten, name="change_shorten"),
    path(f"{MARKET}end/", markets.end, name="change_end"),
    path(f"{MARKET}ceiling/", markets.ceiling, name="change_ceiling"),
    path(f"{MARKET}windows/new/", markets.new_window, name="new_window"),
    path("market/windows/<uuid:window_id>/", markets.window, name="window"),
    path("rules/<slug:category_code>/", rule_sets.category_rules, name="category_rules"),
    path("rules/<slug:category_code>/draft/", rule_sets.draft, name="draft_rules"),
    path(VERSION, rule_sets.rule_set, name="rule_set"),
    path(f"{VERSION}preview/", rule_sets.preview, name="preview_rules"),
    path(f"{VERSION}publish/", rule_sets.publish, name="publish_rules"),
    path(f"{VERSION}discard/", rule_sets.discard, name="discard_rules"),
    path(f"{VERSION}weights/", rule_questions.weights, name="rule_weights"),
    path(f"{VERSION}questions/new/", rule_questions.new_question, name="new_rule_question"),
    path(f"{VERSION}cost-lines/new/", rule_questions.new_cost_line, name="new_rule_cost_line"),
    path(QUESTION, rule_questions.question, name="rule_question"),
    path(f"{QUESTION}evidence/", rule_questions.evidence, name="rule_evidence"),
    path(f"{QUESTION}move/", rule_questions.move, name="move_rule_question"),
    path(f"{QUESTION}drop/", rule_questions.drop, name="drop_rule_question"),
    path("rules/cost-lines/<uuid:head_id>/", rule_questions.cost_line, name="rule_cost_line"),
    path(
        "rules/cost-lines/<uuid:head_id>/drop/",
        rule_questions.drop_line,
        name="drop_rule_cost_line",
    ),
    path("inspection-rules/", inspection_rules.rules, name="inspection_rules"),
    path(
        "inspection-rules/<slug:scale>/new/", inspection_rules.new_rule, name="new_inspection_rule"
    ),
]
