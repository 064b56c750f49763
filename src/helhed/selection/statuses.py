"""How a family can come out on a criterion or a rule."""

MET, NOT_MET, CANNOT_TELL = STATUSES = ("met", "not_met", "cannot_tell")
