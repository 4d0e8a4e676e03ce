"""What the registry says of files that it does not take."""

from __future__ import annotations

from sanitizer_api.problems import ApiError


class RefusedContentError(ApiError):
    """A file that is no table, is damaged, or is more than it seems."""

    status, name, title = 422, "content-refused", "The file is not taken"
