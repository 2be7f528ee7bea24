"""Data folders for scenarios with real processes."""

from tests.processes import folder, pristine

__all__ = ["folder", "pristine"]
