"""JSON and JSON lines: read whole before a type is chosen, so that no sample can mislead."""

from sanitizer_core.sources.json.reader import open_json as open_json
