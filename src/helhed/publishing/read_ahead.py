"""What every notebook of the kit needs, loaded before the first of them is run: modules, texts and declarations.

Nothing here depends on a municipality. Importing this module is all there is to do.
"""

import helhed.economy
import helhed.evaluation
import helhed.monitoring
import helhed.plan
import helhed.publishing.indicator_documents
import helhed.selection
import helhed.staffing  # noqa: F401
from helhed.intake.exports.preset import presets
from helhed.monitoring import indicator_catalogue
from helhed.profile import declared_entries
from helhed.tables import tables
from helhed.texts import catalogue

for read in (catalogue, tables, declared_entries, indicator_catalogue, presets):
    read()
