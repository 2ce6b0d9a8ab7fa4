"""The numbers of models that have many: parameters with units, bounds and sources, and presets."""
