"""Documents of our own making: letters and agreements as PDF."""

from dps.documents.making import NewDocument, make
from dps.documents.printing import DocumentNotMade

__all__ = ["DocumentNotMade", "NewDocument", "make"]
