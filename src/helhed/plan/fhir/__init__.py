"""Plans in HL7 FHIR R4: the shared plan out as a Bundle of CarePlans, CarePlans of other systems in as lines."""

from helhed.plan.fhir.exporting import plan_to_fhir
from helhed.plan.fhir.importing import read_fhir

__all__ = ["plan_to_fhir", "read_fhir"]
