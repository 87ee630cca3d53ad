"""The addresses of questions about joining, and of the contract terms."""

from django.urls import path

from qualification.views import asking, terms

ASKED = "questions-to-answer/<uuid:question_id>/"
TERMS = "terms/<int:number>/"
urlpatterns = [
    path("questions-about-joining/", asking.questions, name="questions"),
    path("your-applications/ask/", asking.ask, name="ask"),
    path("your-applications/asked/", asking.your_questions, name="your_questions"),
    path("questions-to-answer/", asking.to_answer, name="open_questions"),
    path(ASKED, asking.answer, name="answer_question"),
    path(f"{ASKED}not-published/", asking.not_published, name="decline_question"),
    path("contract-terms/", terms.terms, name="terms"),
    path("contract-terms/<int:number>/", terms.version, name="terms_version"),
    path("contract-terms/<int:number>/text/", terms.as_text, name="terms_text"),
    path("your-terms/", terms.yours, name="your_terms"),
    path("your-terms/<int:number>/", terms.accept, name="accept_terms"),
    path("terms/", terms.sent, name="terms_versions"),
    path("terms/new/", terms.new, name="new_terms"),
    path(TERMS, terms.progress, name="terms_progress"),
    path(f"{TERMS}remind/", terms.remind, name="remind_terms"),
]
