"""Writers: every place and format that a table can go to, whole or not at all."""

from sanitizer_core.sinks.folder import artifact_folder as artifact_folder
from sanitizer_core.sinks.options import OutputFormat as OutputFormat
from sanitizer_core.sinks.options import WriteOptions as WriteOptions
from sanitizer_core.sinks.options import Written as Written
from sanitizer_core.sinks.table import write_table as write_table
