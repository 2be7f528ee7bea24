from tests.processes import folder, pristine

__all__ = ["folder", "pristine"]
