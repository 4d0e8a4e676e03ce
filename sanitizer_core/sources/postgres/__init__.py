"""Tables in PostgreSQL: their addresses, connections and columns."""

from sanitizer_core.sources.postgres.connection import connect as connect
from sanitizer_core.sources.postgres.connection import told as told
from sanitizer_core.sources.postgres.names import TableName as TableName
from sanitizer_core.sources.postgres.names import find_table as find_table
from sanitizer_core.sources.postgres.names import table_name as table_name
