"""What every notebook of the kit needs, loaded before the first of them is run: modules, texts and declarations.

Nothing here depends on a municipality. Importing this module is all there is to do.
"""

import holidays.countries  # noqa: F401
import pyarrow.dataset  # noqa: F401
from PIL import Image

import helhed.economy
import helhed.engine.client
import helhed.evaluation
import helhed.figures.decide
import helhed.figures.economy
import helhed.figures.evaluation
import helhed.figures.intake
import helhed.figures.monitoring
import helhed.figures.monitoring_outputs
import helhed.figures.selection
import helhed.figures.selection_groups
import helhed.figures.staffing
import helhed.monitoring
import helhed.plan
import helhed.publishing.decision
import helhed.publishing.evaluation_others
import helhed.publishing.evaluation_plan
import helhed.publishing.impact_assessment
import helhed.publishing.indicator_documents
import helhed.publishing.interviews
import helhed.publishing.memo
import helhed.publishing.referral_document
import helhed.publishing.sector_forms
import helhed.selection
import helhed.selection.accountability
import helhed.selection.key_numbers
import helhed.selection.model_tables
import helhed.selection.public_tables
import helhed.selection.sentences
import helhed.staffing.placing
import helhed.staffing.report
import helhed.staffing.scenarios_shown
import helhed.staffing.workbook  # noqa: F401
from helhed.intake.exports.preset import presets
from helhed.monitoring import indicator_catalogue
from helhed.profile import declared_entries
from helhed.tables import tables
from helhed.texts import catalogue

for read in (catalogue, tables, declared_entries, indicator_catalogue, presets, Image.preinit):
    read()
