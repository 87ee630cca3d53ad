"""
The questions of qualification as shipped: those that categories ask the same way stand once.

The sample of BC 7.4 and rules.md 2 and 4, in words for whoever answers; the Board decides. A
question's kind and who grades it are those of `qualification.models.Question`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wanted:
    """A kind of evidence that a question wants, and the least sum insured in pence."""

    kind: str
    least_sum_pence: int | None = None
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class PassFail:
    """A question that must be answered with yes, or whose facts must pass; or is shown only."""

    code: str
    title: str
    text: str
    guidance: str
    kind: str = "pass_fail"
    stage: int = 2


@dataclass(frozen=True, slots=True)
class Statement:
    """A method statement, graded 0 to 5; ``topics`` are those of the model answer."""

    code: str
    title: str
    text: str
    guidance: str
    topics: tuple[str, ...]
    word_limit: int = 400
    is_graded_by_panel: bool = False


EXCLUSIONS = PassFail(
    "exclusions",
    "Exclusion grounds",
    "Is your organisation, and everybody who runs it, free of the grounds for exclusion?",
    "The grounds are serious offences such as fraud, bribery, trafficking and abuse, tax left"
    " unpaid, insolvency and grave misconduct. Answer yes too if a ground applied once and you"
    " can show that you have put it right.",
    kind="exclusions",
    stage=1,
)
SCHOOL_REGISTRATION = PassFail(
    "registration",
    "Registration",
    "Is the establishment registered with the Department for Education, and open?",
    "We compare your answer with the register, Get Information about Schools. A new school can"
    " apply as soon as its registration is confirmed.",
    kind="registration",
    stage=1,
)
OFSTED_REGISTRATION = PassFail(
    "ofsted_registration",
    "Registration with Ofsted",
    "Is the home or agency registered with Ofsted, with a registered manager?",
    "An unregistered home may not care for children. We compare your answer with Ofsted’s list."
    " Tell us in your application if the manager is an interim one.",
    kind="registration",
    stage=1,
)
SETTING_REGISTRATION = PassFail(
    "setting_registration",
    "Registration of the setting",
    "Is the setting registered as a school, or does the law not ask it to be?",
    "A setting must register as a school if it teaches five or more children full time, or one"
    " child with a plan or in care. Answer yes if yours teaches fewer, or part time only.",
    stage=1,
)
INSPECTION = PassFail(
    "inspection",
    "Inspection result",
    "Does the latest inspection of the establishment pass?",
    "Each inspector has a scale of its own, and each scale has its own rule of what passes."
    " Answer yes if a new establishment has not been inspected yet.",
    kind="inspection",
    stage=1,
)
QUALITY_ASSURANCE = PassFail(
    "quality_assurance",
    "Quality checked by a council",
    "Has a council checked the setting in the last 12 months, and did it meet the national"
    " standards?",
    "No inspector visits settings that are not schools. A council visits instead, and looks at"
    " safeguarding, health and safety, admissions and support, the quality of education, and your"
    " single central record of staff checks. If nobody has visited yet, ask the contract team for"
    " a visit before you apply.",
    kind="inspection",
    stage=1,
)
FINANCIAL_STANDING = PassFail(
    "financial_standing",
    "Financial standing",
    "Can your organisation pay its debts as they fall due, with no insolvency or winding-up in"
    " hand?",
    "We look at whether placing a child with you would be a risk to that child, not at how large"
    " you are. A new organisation sends its opening balance sheet instead of accounts.",
)
INSURANCES = PassFail(
    "insurances",
    "Insurances",
    "Do you hold each of the insurances listed, for the sum shown or more?",
    "The certificates must be valid on the day you send the application. One certificate can"
    " cover several establishments.",
    kind="evidence",
)
LAW = PassFail(
    "law",
    "Health and safety, equalities and the environment",
    "Do you keep the law on health and safety, equalities and the environment, and have you been"
    " free of convictions and enforcement notices under it for the last 3 years?",
    "Answer yes too if there was a notice, everything it asked for is done, and you can show it.",
)
SAFEGUARDING = PassFail(
    "safeguarding",
    "Business continuity, safeguarding and risk",
    "Does the establishment have a safeguarding policy, a plan for disruption and a register of"
    " risks, each reviewed in the last 12 months?",
    "The safeguarding policy names the designated lead, and says how a concern about the person"
    " in charge is reported.",
)
STAFF_CHECKS = PassFail(
    "staff_checks",
    "Checks of staff",
    "Do you keep a single central record of the checks of everybody who works with children, and"
    " will you confirm the checks in writing for each placement?",
    "The council remains responsible for a child in your setting. It asks for this in writing, as"
    " the statutory guidance says.",
)
DATA_PROTECTION = PassFail(
    "data_protection",
    "Data protection",
    "Does the establishment comply with data protection law, and is it registered with the"
    " Information Commissioner?",
    "You will receive details of children. You must be able to show who may read them, how"
    " long you keep them, and what you do if they are lost.",
)
SOCIAL_VALUE = PassFail(
    "social_value",
    "Social value",
    "Can you offer something more to the community, such as apprenticeships, work with local"
    " groups or a smaller carbon footprint?",
    "This is asked and shown to councils. It is no condition of joining and is never scored:"
    " answer no if you cannot say yet.",
    kind="shown",
)

WORKFORCE = Statement(
    "workforce",
    "Workforce",
    "How do you recruit, train, support and keep the people who work with children?",
    "Say what you do beyond what the inspectorate asks, and what came of it.",
    topics=(
        "Safe recruitment, and how you check it",
        "Training and supervision, for new and for experienced staff",
        "Turnover, vacancies and the use of agency staff in the last 12 months",
        "How staff are supported after difficult days",
    ),
)
CARERS = Statement(
    "carers",
    "Foster carers and those who support them",
    "How do you find, assess, train and keep foster carers, and who supports them day and night?",
    "Say what you do beyond the national minimum standards, and what came of it.",
    topics=(
        "How carers are found, assessed and approved",
        "Training before and after the first child",
        "Support out of hours, breaks, and what is done before a placement breaks down",
        "Carers who joined and who left in the last 12 months, and why",
    ),
)
OUTCOMES = Statement(
    "outcomes",
    "Working to the outcomes framework",
    "How do you set, measure and report what each child is to achieve?",
    "Use the five parts of the framework, and an example of each. Leave out children’s names.",
    topics=(
        "Well in body and mind",
        "Safe and secure",
        "Learning and achieving",
        "Confident and independent",
        "Belonging and contributing",
    ),
)
RETURN_TO_LEARNING = Statement(
    "return_to_learning",
    "The way back to learning",
    "How do you bring a young person who has been out of school back to learning, and on to what"
    " comes next?",
    "Use the parts of the outcomes framework that fit your setting. Leave out children’s names.",
    topics=(
        "The first weeks: what you find out, and how trust is built",
        "Attendance: how it is followed, day by day, and what is done about it",
        "What is learned, and which qualifications or skills it leads to",
        "The way on to school, college, training or work, and who goes with the young person",
    ),
)
CONTRACT_MANAGEMENT = Statement(
    "contract_management",
    "Contract management and performance monitoring",
    "How do you make sure that each placement delivers what was agreed, and how will we know?",
    "Say who is responsible, what is measured and when, and what happens when something"
    " falls short.",
    topics=(
        "Who answers for a placement, and to whom",
        "What is measured, when, and how it is reported to the council",
        "What happened the last time something fell short",
        "Complaints, and what was changed because of them",
    ),
)
YOUNG_PEOPLE = Statement(
    "young_people",
    "The young people’s question",
    "A new young person starts on Monday. What will their first month be like, and how will"
    " they know that you listen to them?",
    "Young people wrote this question and a model answer, and young people grade it. Write so"
    " that a 12-year-old can read it.",
    topics=(
        "Somebody who shows me round",
        "Things I like",
        "Time to settle",
        "Being asked before decisions are made about me",
        "What changed because somebody asked",
    ),
    word_limit=300,
    is_graded_by_panel=True,
)
YOUNG_PEOPLE_AT_HOME = Statement(
    "young_people_at_home",
    "The young people’s question",
    "A young person moves in on Monday. What will their first month be like, and how will they"
    " know that this is their home and that you listen to them?",
    "Young people wrote this question and a model answer, and young people grade it. Write so"
    " that a 12-year-old can read it.",
    topics=(
        "Meeting somebody before I come",
        "My room, my things and my food",
        "Seeing my family and friends",
        "Being asked before decisions are made about me",
        "What changed because somebody asked",
    ),
    word_limit=300,
    is_graded_by_panel=True,
)
