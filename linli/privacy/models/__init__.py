"""What privacy remembers."""

from linli.privacy.models.assessments import Assessment, is_assessed
from linli.privacy.models.breaches import Finding, Incident, SecurityItem
from linli.privacy.models.catalogue import FieldChange, catalogue, field_of, fields_of_table, retention_of
from linli.privacy.models.consents import Consent, ConsentNotice, has_consented, withdrawn
from linli.privacy.models.glass import BreakGlass
from linli.privacy.models.keeping import LegalHold, Purge, held_persons
from linli.privacy.models.keys import KeyInUse, Rotation
from linli.privacy.models.rights import RightsRequest

__all__ = [
    "Assessment",
    "BreakGlass",
    "Consent",
    "ConsentNotice",
    "FieldChange",
    "Finding",
    "Incident",
    "KeyInUse",
    "LegalHold",
    "Purge",
    "RightsRequest",
    "Rotation",
    "SecurityItem",
    "catalogue",
    "field_of",
    "fields_of_table",
    "has_consented",
    "held_persons",
    "is_assessed",
    "retention_of",
    "withdrawn",
]
