# One row per module.
