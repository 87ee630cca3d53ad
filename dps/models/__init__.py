from dps.models.audit import AuditEvent, AuditHead, AuditLink
from dps.models.authority import Authority
from dps.models.document import Document
from dps.models.keys import AuthorityKey, ChildKey
from dps.models.market import (
    Adoption,
    Category,
    EntryWindow,
    Market,
    MarketChange,
    WeightTemplate,
)
from dps.models.message import Message
from dps.models.outbox import OwedJob
from dps.models.people import Account, JoiningLink, Membership, Person
from dps.models.upload import Upload, UploadContent

__all__ = [
    "Account",
    "Adoption",
    "AuditEvent",
    "AuditHead",
    "AuditLink",
    "Authority",
    "AuthorityKey",
    "Category",
    "ChildKey",
    "Document",
    "EntryWindow",
    "JoiningLink",
    "Market",
    "MarketChange",
    "Membership",
    "Message",
    "OwedJob",
    "Person",
    "Upload",
    "UploadContent",
    "WeightTemplate",
]
